/** Counts in Redis, for many processes: one Lua script a question, on the server's own clock. */
import { redisScript, type RedisConnection } from '../cache/index.ts';
import type { Chain, ChainState, GateBackend, GateWindow } from './types.ts';

/**
 * KEYS: the windows (hashes of slot number to units), then the back-offs.
 * ARGV: now in ms (−1: the server's clock), weight, 1 to count it or 0 only to look, number of windows, then limit, slot ms and slots of each.
 * Gives: wait ms, now, back-off ms, then units and ms until empty of each window.
 */
const TAKE = redisScript(`
local now, weight, counts, windows = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3] == '1', tonumber(ARGV[4])
if now < 0 then
  local t = redis.call('TIME')
  now = t[1] * 1000 + math.floor(t[2] / 1000)
end
local backoff = 0
for i = windows + 1, #KEYS do
  local till = tonumber(redis.call('GET', KEYS[i]) or '0')
  if till - now > backoff then backoff = till - now end
end
local wait, reply = backoff, { 0, now, backoff }
for i = 1, windows do
  local limit, slot_ms, slots = tonumber(ARGV[2 + i * 3]), tonumber(ARGV[3 + i * 3]), tonumber(ARGV[4 + i * 3])
  local oldest = math.floor(now / slot_ms) - slots
  local flat, total, newest, live, dead = redis.call('HGETALL', KEYS[i]), 0, 0, {}, {}
  for j = 1, #flat, 2 do
    local slot, units = tonumber(flat[j]), tonumber(flat[j + 1])
    if slot < oldest then
      dead[#dead + 1] = flat[j]
    else
      total = total + units
      live[#live + 1] = { slot, units }
      if slot > newest then newest = slot end
    end
  end
  if #dead > 0 and counts then redis.call('HDEL', KEYS[i], unpack(dead)) end
  if total + weight > limit then
    table.sort(live, function(a, b) return a[1] < b[1] end)
    local left = total
    for _, entry in ipairs(live) do
      left = left - entry[2]
      if left + weight <= limit then
        wait = math.max(wait, (entry[1] + slots + 1) * slot_ms - now)
        break
      end
    end
    wait = math.max(wait, 1)
  end
  reply[#reply + 1] = total
  reply[#reply + 1] = total > 0 and (newest + slots + 1) * slot_ms - now or 0
end
if wait == 0 and counts then
  for i = 1, windows do
    local slot_ms, slots = tonumber(ARGV[3 + i * 3]), tonumber(ARGV[4 + i * 3])
    redis.call('HINCRBY', KEYS[i], string.format('%d', math.floor(now / slot_ms)), weight)
    redis.call('PEXPIRE', KEYS[i], (slots + 2) * slot_ms)
  end
end
reply[1] = wait
return reply
`);

/** KEYS: the back-off. ARGV: now (−1: the server's clock), ms. Never shortens one. */
const BACK_OFF = redisScript(`
local now, ms = tonumber(ARGV[1]), tonumber(ARGV[2])
if now < 0 then
  local t = redis.call('TIME')
  now = t[1] * 1000 + math.floor(t[2] / 1000)
end
if tonumber(redis.call('GET', KEYS[1]) or '0') < now + ms then
  redis.call('SET', KEYS[1], string.format('%d', now + ms), 'PX', ms)
end
`);

export interface RedisBackendOptions {
  /** For tests: the time that counts instead of the server's own. */
  readonly nowMs?: () => number;
  /** Default `bw:gate`. */
  readonly prefix?: string;
}

export function createRedisBackend(redis: RedisConnection, { nowMs = () => -1, prefix = 'bw:gate' }: RedisBackendOptions = {}): GateBackend {
  const windowKey = (chain: Chain, window: GateWindow): string => `${prefix}:{${chain.provider}}:${window.key}`;
  const backOffKey = (chain: Chain, id: string): string => `${prefix}:{${chain.provider}}:${id}/backoff`;
  const keysOf = (chain: Chain): string[] => [...chain.windows.map((w) => windowKey(chain, w)), ...chain.quotas.map((id) => backOffKey(chain, id))];
  const ask = async (chain: Chain, weight: number, counts: boolean, limitOf: (w: GateWindow) => number): Promise<readonly number[]> => {
    const windows = chain.windows.flatMap((w) => [limitOf(w), w.slotMs, w.slots]);
    return (await redis.run(TAKE, keysOf(chain), [nowMs(), weight, counts ? 1 : 0, chain.windows.length, ...windows])) as number[];
  };

  return {
    kind: 'redis',
    take: async (chain, weight, lane) => (await ask(chain, weight, true, (w) => (lane === 'urgent' ? w.limit : w.normalLimit)))[0]!,
    async peek(chain): Promise<ChainState> {
      const [waitMs, now, backOffMs, ...figures] = await ask(chain, 1, false, (w) => w.normalLimit);
      return { now: now!, waitMs: waitMs!, backOffMs: backOffMs!, windows: chain.windows.map((_, i) => ({ used: figures[2 * i]!, emptyInMs: figures[2 * i + 1]! })) };
    },
    async backOff(chain, ms) {
      await redis.run(BACK_OFF, [backOffKey(chain, chain.id)], [nowMs(), Math.ceil(ms)]);
    },
    async reset(chain) {
      const own = chain.windows.filter((w) => w.key.startsWith(`${chain.id}/`));
      await redis.client.del(...own.map((w) => windowKey(chain, w)), backOffKey(chain, chain.id));
    },
  };
}
