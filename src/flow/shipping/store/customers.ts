/** The SQL of customers. */
import type { Executor, Transaction } from '../../../kernel/database/types.ts';
import type { Customer } from '../customer.ts';

interface Row {
  id: string;
  name: string;
  language: string;
  timezone: string;
  whatsapp: string;
  quiet_from: string | null;
  quiet_to: string | null;
  min_exposure_micros: bigint;
  min_probability: number;
}

const COLUMNS = 'id, name, language, timezone, whatsapp, quiet_from, quiet_to, min_exposure_micros, min_probability';

const fromRow = (r: Row): Customer => ({
  id: r.id,
  name: r.name,
  language: r.language,
  timezone: r.timezone,
  whatsapp: r.whatsapp,
  quietHours: r.quiet_from !== null && r.quiet_to !== null ? { from: r.quiet_from, to: r.quiet_to } : null,
  minExposureMicros: r.min_exposure_micros,
  minProbability: r.min_probability,
});

/** @returns whether it is new */
export async function saveCustomer(tx: Transaction, c: Customer): Promise<boolean> {
  const { rows } = await tx.query<{ fresh: boolean }>(
    `insert into customers (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (id) do update set name = $2, language = $3, timezone = $4, whatsapp = $5, quiet_from = $6, quiet_to = $7, min_exposure_micros = $8, min_probability = $9, updated_at = now()
     returning (xmax = 0) as fresh`,
    [c.id, c.name, c.language, c.timezone, c.whatsapp, c.quietHours?.from ?? null, c.quietHours?.to ?? null, c.minExposureMicros, c.minProbability],
  );
  return rows[0]?.fresh ?? false;
}

export async function findCustomer(on: Executor, id: string): Promise<Customer | null> {
  const { rows } = await on.query<Row>(`select ${COLUMNS} from customers where id = $1`, [id]);
  return rows[0] ? fromRow(rows[0]) : null;
}

export async function customersById(on: Executor, ids: readonly string[]): Promise<ReadonlyMap<string, Customer>> {
  if (ids.length === 0) return new Map();
  const { rows } = await on.query<Row>(`select ${COLUMNS} from customers where id = any($1::text[])`, [ids]);
  return new Map(rows.map((r) => [r.id, fromRow(r)]));
}

/** By id, after the given one. */
export async function listCustomers(on: Executor, after: string | null, limit: number): Promise<readonly Customer[]> {
  const { rows } = await on.query<Row>(`select ${COLUMNS} from customers where $1::text is null or id > $1 order by id limit $2`, [after, limit]);
  return rows.map(fromRow);
}
