/** Limits on requests a minute, of all callers together and of each: counted, told in headers, refused with 429. */
import type { FastifyReply } from 'fastify';
import { MINUTE_MS, type Clock } from '../../model/time.ts';
import { common } from '../errors/index.ts';
import { createLimiter, type Limiter, type Verdict } from './limits.ts';

export interface RequestLimits {
  /** False: nothing is limited, and nothing need be counted. */
  readonly any: boolean;
  /** @throws CodedError RATE_LIMITED */
  everyone(reply: FastifyReply): void;
  /** @param who a subject or an address @throws CodedError RATE_LIMITED */
  caller(who: string, reply: FastifyReply): void;
}

/** @param callerLimit @param globalLimit requests a minute; 0 or absent: no limit */
export function createRequestLimits(clock: Clock, globalLimit: number | undefined, callerLimit: number | undefined): RequestLimits {
  const limiterOf = (limit: number | undefined): Limiter | null => (limit === undefined || limit <= 0 ? null : createLimiter({ limit, windowMs: MINUTE_MS, clock }));
  const everyone = limiterOf(globalLimit);
  const callers = limiterOf(callerLimit);
  return {
    any: everyone !== null || callers !== null,
    everyone: (reply) => count(everyone, 'everyone', reply, 'This server takes'),
    caller: (who, reply) => count(callers, who, reply, 'One caller may send'),
  };
}

function count(limiter: Limiter | null, key: string, reply: FastifyReply, whose: string): void {
  if (!limiter) return;
  const verdict = limiter.take(key);
  tell(reply, verdict);
  if (verdict.allowed) return;
  throw common.RATE_LIMITED({
    detail: `${whose} at most ${verdict.limit} requests a minute`,
    retryAfterSeconds: Math.max(1, Math.ceil(verdict.retryAfterMs / 1_000)),
    facts: { limit: verdict.limit },
  });
}

function tell(reply: FastifyReply, { limit, remaining, resetMs }: Verdict): void {
  // Of several limits the one that is nearest is told.
  const told = reply.getHeader('x-ratelimit-remaining');
  if (told !== undefined && Number(told) <= remaining) return;
  reply.header('x-ratelimit-limit', limit).header('x-ratelimit-remaining', remaining).header('x-ratelimit-reset', Math.ceil(resetMs / 1_000));
}
