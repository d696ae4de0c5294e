/** The SQL of customers. */
import type { Executor, Transaction } from '../../../kernel/database/types.ts';
import type { Contact } from '../../../model/contact.ts';
import type { Customer, RiskTolerance } from '../customer.ts';

interface Row {
  id: string;
  name: string;
  language: string;
  timezone: string;
  contacts: Contact[];
  quiet_from: string | null;
  quiet_to: string | null;
  min_exposure_micros: bigint;
  min_probability: number;
  risk_tolerance: RiskTolerance;
}

const COLUMNS = 'id, name, language, timezone, contacts, quiet_from, quiet_to, min_exposure_micros, min_probability, risk_tolerance';

const fromRow = (r: Row): Customer => ({
  id: r.id,
  name: r.name,
  language: r.language,
  timezone: r.timezone,
  contacts: r.contacts,
  quietHours: r.quiet_from !== null && r.quiet_to !== null ? { from: r.quiet_from, to: r.quiet_to } : null,
  minExposureMicros: r.min_exposure_micros,
  minProbability: r.min_probability,
  riskTolerance: r.risk_tolerance,
});

/** What a write did to a row. */
export type Written = 'created' | 'updated' | 'unchanged';

export async function saveCustomer(tx: Transaction, c: Customer): Promise<Written> {
  const { rows } = await tx.query<{ fresh: boolean }>(
    `insert into customers as k (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (id) do update set name = $2, language = $3, timezone = $4, contacts = $5, quiet_from = $6, quiet_to = $7, min_exposure_micros = $8, min_probability = $9,
       risk_tolerance = $10, updated_at = now()
     where (k.name, k.language, k.timezone, k.contacts, k.quiet_from, k.quiet_to, k.min_exposure_micros, k.min_probability, k.risk_tolerance)
       is distinct from (excluded.name, excluded.language, excluded.timezone, excluded.contacts, excluded.quiet_from, excluded.quiet_to, excluded.min_exposure_micros, excluded.min_probability, excluded.risk_tolerance)
     returning (xmax = 0) as fresh`,
    [c.id, c.name, c.language, c.timezone, JSON.stringify(c.contacts), c.quietHours?.from ?? null, c.quietHours?.to ?? null, c.minExposureMicros, c.minProbability, c.riskTolerance],
  );
  return rows[0] ? (rows[0].fresh ? 'created' : 'updated') : 'unchanged';
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

/** How many shipments each has; those without any are left out. */
export async function shipmentCounts(on: Executor, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map();
  const { rows } = await on.query<{ customer_id: string; n: number }>('select customer_id, count(*)::int as n from shipments where customer_id = any($1::text[]) group by customer_id', [ids]);
  return new Map(rows.map((r) => [r.customer_id, r.n]));
}
