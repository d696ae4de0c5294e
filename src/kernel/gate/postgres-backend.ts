/** Counts in Postgres, for many processes without Redis: one function call a question (migration 0009), on the server's own clock. */
import type { Executor } from '../database/index.ts';
import type { Chain, ChainState, GateBackend, GateWindow } from './types.ts';

interface Answer {
  readonly wait_ms: bigint;
  readonly now_ms: bigint;
  readonly backoff_ms: bigint;
  readonly used: readonly (bigint | string)[];
  readonly empty_in_ms: readonly (bigint | string)[];
}

/** @param nowMs for tests: the time that counts instead of the server's own */
export function createPostgresBackend(db: Executor, { nowMs = () => null }: { readonly nowMs?: () => number | null } = {}): GateBackend {
  const ask = async (chain: Chain, weight: number, counts: boolean, limitOf: (w: GateWindow) => number): Promise<Answer> => {
    const { rows } = await db.query<Answer>('select * from gate_take($1, $2, $3, $4, $5, $6, $7, $8)', [
      chain.windows.map((w) => w.key),
      chain.windows.map(limitOf),
      chain.windows.map((w) => w.slotMs),
      chain.windows.map((w) => w.slots),
      chain.quotas,
      weight,
      counts,
      nowMs(),
    ]);
    return rows[0]!;
  };

  return {
    kind: 'postgres',
    take: async (chain, weight, lane) => Number((await ask(chain, weight, true, (w) => (lane === 'urgent' ? w.limit : w.normalLimit))).wait_ms),
    async peek(chain): Promise<ChainState> {
      const answer = await ask(chain, 1, false, (w) => w.normalLimit);
      return {
        now: Number(answer.now_ms),
        waitMs: Number(answer.wait_ms),
        backOffMs: Number(answer.backoff_ms),
        windows: chain.windows.map((_, i) => ({ used: Number(answer.used[i]), emptyInMs: Number(answer.empty_in_ms[i]) })),
      };
    },
    async backOff(chain, ms) {
      await db.query(
        `insert into gate_backoffs as b (quota, until_ms) values ($1, coalesce($2::bigint, (extract(epoch from clock_timestamp()) * 1000)::bigint) + $3::bigint)
         on conflict (quota) do update set until_ms = greatest(b.until_ms, excluded.until_ms)`,
        [chain.id, nowMs(), Math.ceil(ms)],
      );
    },
    async reset(chain) {
      const own = chain.windows.filter((w) => w.key.startsWith(`${chain.id}/`)).map((w) => w.key);
      await db.query('with dropped as (delete from gate_windows where key = any($1)) delete from gate_backoffs where quota = $2', [own, chain.id]);
    },
  };
}
