/** `GET /api/v1/audit`: the trail, newest first; `/verify` checks its chain. For admins. */
import { z } from 'zod';
import { iso } from '../../model/time.ts';
import type { Database } from '../database/types.ts';
import { decodeCursor, listQuery, page, roleAccess, type HttpApp } from '../http/index.ts';
import { ANCHOR, parseAnchor, verifyAudit, type AuditRow } from './audit.ts';

const admin = { access: roleAccess('admin') } as const;
const anchorQuery = z.strictObject({
  anchor: z
    .string()
    .regex(ANCHOR, 'must be SEQ:HASH, as a verification gave it: a row number, a colon and 64 hex digits')
    .optional(),
});

export const auditRoutes =
  ({ db }: { readonly db: Database }) =>
  (app: HttpApp): void => {
    const querystring = listQuery({
      actor: z.string().max(200).optional(),
      action: z.string().max(200).optional(),
      target: z.string().max(200).optional(),
    });
    app.get(
      '/api/v1/audit',
      { config: admin, schema: { querystring, tags: ['audit'], summary: 'Who did what, and why' } },
      async ({ query }) => {
        const before =
          query.cursor === undefined ? null : decodeCursor(query.cursor, z.tuple([z.string().regex(/^\d{1,18}$/)]))[0];
        const { rows } = await db.query<AuditRow>(
          `select * from audit_logs
       where ($1::bigint is null or seq < $1) and ($2::text is null or actor = $2) and ($3::text is null or action = $3) and ($4::text is null or target = $4)
       order by seq desc limit $5`,
          [before, query.actor ?? null, query.action ?? null, query.target ?? null, query.limit + 1],
        );
        const { items, next_cursor } = page(rows, query.limit, (row) => [String(row.seq)]);
        return { items: items.map(toJson), next_cursor };
      },
    );

    const verify = {
      tags: ['audit'],
      summary: 'Check the chain of hashes, also against a head that was noted',
      querystring: anchorQuery,
    };
    app.get('/api/v1/audit/verify', { config: admin, schema: verify }, async ({ query }) => {
      const anchor = query.anchor === undefined ? null : parseAnchor(query.anchor);
      const { ok, rows, head, bad } = await verifyAudit(db, anchor ? { anchor } : {});
      return {
        ok,
        rows,
        head: { seq: Number(head.seq), hash: head.hash },
        bad: bad && { seq: Number(bad.seq), fault: bad.fault, message: bad.message },
      };
    });
  };

const toJson = ({ seq, at, actor, action, target, reason, before_state, after_state, trace_id, hash }: AuditRow) => ({
  seq: Number(seq),
  at: shownTime(at),
  actor,
  action,
  target,
  reason,
  before: before_state,
  after: after_state,
  trace_id,
  hash,
});

/** A row that somebody changed may hold a time that is no date: it is shown as it is, and `verify` names the row. */
const shownTime = (at: unknown): string => (at instanceof Date && Number.isFinite(at.getTime()) ? iso(at.getTime()) : String(at));
