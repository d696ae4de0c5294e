/** Acts on the running process: breakers, memory, jobs that gave up. Each act is audited with who and what it changed. */
import { memoryUsage } from 'node:process';
import { getHeapStatistics } from 'node:v8';
import { z } from 'zod';
import { appendAudit } from '../../kernel/audit/index.ts';
import type { Breakers } from '../../kernel/breakers/index.ts';
import type { Cache } from '../../kernel/cache/types.ts';
import type { Database } from '../../kernel/database/index.ts';
import { body, id, operationalAccess, readAccess, roleAccess, text, type HttpApp } from '../../kernel/http/index.ts';
import type { DeadLetters } from '../../kernel/jobs/index.ts';

export interface AdminDeps {
  readonly db: Database;
  readonly breakers: Breakers;
  readonly cache: Cache;
  readonly deadLetters: DeadLetters;
}

const MIB = 1_048_576;

export const adminRoutes =
  (deps: AdminDeps) =>
  (app: HttpApp): void => {
    const { db, breakers } = deps;
    app.post(
      '/admin/circuit-breakers/:name/reset',
      {
        config: { access: roleAccess('admin') },
        schema: { tags: ['admin'], summary: 'Close a breaker by hand', params: z.object({ name: id(80) }), body: body({ reason: text(500, 0).optional() }).nullish() },
      },
      async (request) => {
        const { name } = request.params;
        const before = breakers.reset(name);
        const after = breakers.view()[name]!;
        await db.transaction((tx) =>
          appendAudit(tx, {
            actor: request.identity!.subject,
            action: 'breaker.reset',
            target: name,
            reason: request.body?.reason ?? null,
            before: { state: before.state, failures: before.failures },
            after: { state: after.state, failures: after.failures },
            traceId: request.traceId,
          }),
        );
        return { name, before: before.state, ...after };
      },
    );
    app.get('/admin/debug/memory', { config: { access: operationalAccess }, schema: { tags: ['admin'], summary: 'Where this process keeps its memory' } }, async () => memory(deps.cache));
    app.get('/admin/jobs/dead-letters', { config: { access: readAccess }, schema: { tags: ['admin'], summary: 'Jobs that gave up, with their last error' } }, async () => ({ items: await deps.deadLetters.list() }));
    app.post(
      '/admin/jobs/dead-letters/:id/requeue',
      { config: { access: roleAccess('operator') }, schema: { tags: ['admin'], summary: 'Run a job that gave up once more', params: z.object({ id: z.string().regex(/^\d{1,18}$/, 'must be the number of a dead letter, at most 18 digits') }) } },
      async (request) => {
        const letter = request.params.id;
        await deps.deadLetters.requeue(letter);
        await db.transaction((tx) => appendAudit(tx, { actor: request.identity!.subject, action: 'job.requeue', target: letter, traceId: request.traceId }));
        return { id: letter, requeued: true };
      },
    );
  };

function memory(cache: Cache): object {
  const usage = memoryUsage();
  const heap = getHeapStatistics();
  return {
    rss_mb: round(usage.rss / MIB),
    heap_used_mb: round(usage.heapUsed / MIB),
    heap_total_mb: round(usage.heapTotal / MIB),
    heap_limit_mb: round(heap.heap_size_limit / MIB),
    external_mb: round(usage.external / MIB),
    array_buffers_mb: round(usage.arrayBuffers / MIB),
    // Contexts that stay alive after their work point at a leak; two or three are usual.
    native_contexts: heap.number_of_native_contexts,
    detached_contexts: heap.number_of_detached_contexts,
    cache: cache.stats(),
    uptime_seconds: Math.round(process.uptime()),
  };
}

const round = (mib: number): number => Math.round(mib * 10) / 10;
