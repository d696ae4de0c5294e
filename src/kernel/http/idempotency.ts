/**
 * `Idempotency-Key`: a repeat of a write gets the stored reply and does nothing, in any process. Keys belong to the identity that sent them.
 * A process that dies between the write and the storing of its reply lets a later repeat run the handler again: writes
 * therefore use deterministic ids or their own unique keys, and this is the first of two locks, not the only one.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { canonicalJson, type Json } from '../../model/ids.ts';
import type { Clock } from '../../model/time.ts';
import type { Database, Executor } from '../database/types.ts';
import { crashPoint } from '../faults/crash-point.ts';
import type { Logger } from '../logging/types.ts';
import { errors } from './errors.ts';

export interface IdempotencyOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long replies are kept. */
  readonly ttlMs: number;
  /** After how long a request that never finished may be run by a repeat. */
  readonly leaseMs: number;
}

export interface Idempotency {
  /** Before the handler, after validation: reserves the key, or replies with what is stored. */
  before(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined>;
  /** With the reply: stores it. */
  after(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown>;
}

const KEY = /^[\x21-\x7e]{1,200}$/;

interface Row {
  readonly fingerprint: string;
  readonly owner: string;
  readonly lease_until: Date;
  readonly status: number | null;
  readonly content_type: string | null;
  readonly body: string | null;
}

interface Held {
  readonly identity: string;
  readonly key: string;
  readonly owner: string;
}

export function createIdempotency({ db, clock, logger, ttlMs, leaseMs }: IdempotencyOptions): Idempotency {
  const held = new WeakMap<FastifyRequest, Held>();

  /** @returns null when the key is ours now, else what is known of it */
  async function reserve({ identity, key, owner }: Held, fingerprint: string): Promise<Row | null> {
    const now = clock.now();
    // One statement decides: a free key, an expired one, or one whose runner died is taken by exactly one request.
    const { rowCount } = await db.query(
      `insert into idempotency_keys as k (identity, key, fingerprint, owner, lease_until, expires_at) values ($1, $2, $3, $4, $5, $6)
       on conflict (identity, key) do update
         set fingerprint = excluded.fingerprint, owner = excluded.owner, lease_until = excluded.lease_until, expires_at = excluded.expires_at,
             status = null, content_type = null, body = null
         where k.expires_at <= $7 or (k.status is null and k.lease_until <= $7 and k.fingerprint = excluded.fingerprint)`,
      [identity, key, fingerprint, owner, new Date(now + leaseMs), new Date(now + ttlMs), new Date(now)],
    );
    if (rowCount > 0) return null;
    const { rows } = await db.query<Row>('select fingerprint, owner, lease_until, status, content_type, body from idempotency_keys where identity = $1 and key = $2', [identity, key]);
    // Released between the two statements: it is free again.
    return rows[0] ?? reserve({ identity, key, owner }, fingerprint);
  }

  return {
    async before(request, reply) {
      const key = request.headers['idempotency-key'];
      if (key === undefined) return undefined;
      if (typeof key !== 'string' || !KEY.test(key)) throw errors.IDEMPOTENCY_KEY_INVALID({ field: 'Idempotency-Key', fix: 'Send 1 to 200 visible ASCII characters, such as a UUID' });
      const mine: Held = { identity: request.identity!.subject, key, owner: randomUUID() };
      const fingerprint = fingerprintOf(request);
      const known = await reserve(mine, fingerprint);
      if (known === null) {
        held.set(request, mine);
        return undefined;
      }
      if (known.fingerprint !== fingerprint) throw errors.IDEMPOTENCY_KEY_REUSED({ field: 'Idempotency-Key', fix: 'Use a new key for each new request' });
      if (known.status === null) throw errors.IDEMPOTENCY_IN_PROGRESS({ retryAfterSeconds: 1, fix: 'Repeat it after a moment: the reply will then be there' });
      if (known.content_type !== null) reply.type(known.content_type);
      return reply.code(known.status).header('idempotency-replayed', 'true').send(known.body ?? undefined);
    },
    async after(request, reply, payload) {
      const mine = held.get(request);
      if (!mine) return payload;
      held.delete(request);
      const { statusCode } = reply;
      const text = payload === null || payload === undefined ? null : typeof payload === 'string' ? payload : Buffer.isBuffer(payload) ? payload.toString() : undefined;
      try {
        if (text !== undefined && isFinal(statusCode)) {
          crashPoint('http.idempotent.before-stored');
          await db.query('update idempotency_keys set status = $4, content_type = $5, body = $6 where identity = $1 and key = $2 and owner = $3', [
            mine.identity, mine.key, mine.owner, statusCode, reply.getHeader('content-type') ?? null, text,
          ]);
        } else {
          await db.query('delete from idempotency_keys where identity = $1 and key = $2 and owner = $3', [mine.identity, mine.key, mine.owner]);
        }
      } catch (error) {
        // The write itself is done (or not): its outcome is told, and a repeat waits for the lease.
        logger.error('idempotent_reply_not_stored', { route: request.routeOptions.url, error });
      }
      return payload;
    },
  };
}

/** What passes by itself (locks, limits, our own faults) must not be repeated for a day. */
const isFinal = (status: number): boolean => status < 500 && status !== 409 && status !== 423 && status !== 425 && status !== 429;

function fingerprintOf(request: FastifyRequest): string {
  const content = request.rawBody === null ? '' : canonicalJson((request.body ?? null) as Json);
  return createHash('sha256').update(`${request.method} ${request.url}\n`).update(content).digest('hex');
}

/** Removes stored replies that have expired. @returns how many */
export const purgeIdempotency = async (on: Executor, clock: Clock): Promise<number> => (await on.query('delete from idempotency_keys where expires_at <= $1', [new Date(clock.now())])).rowCount;
