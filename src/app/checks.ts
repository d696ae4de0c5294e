/** What the health registry asks of the stages, under the names that runbooks know: omen (signals), oracle (reality), riskcast (decisions). */
import type { SourceView } from '../desk/status/index.ts';
import { decisionsEvaluate } from '../flow/decisions/index.ts';
import type { ComponentCheck, HealthStatus } from '../kernel/health/index.ts';
import type { Jobs } from '../kernel/jobs/index.ts';

const INTERVAL_MS = 10_000;
/** Work that waits longer than this is work that nobody does. */
const LAG_SECONDS = 60;

/** A desk that hears from some of its sources works; one that hears from none is blind. Neither stops what it serves. */
export const sourcesCheck = (name: string, read: () => Promise<readonly SourceView[]>): ComponentCheck => ({
  name,
  critical: false,
  intervalMs: INTERVAL_MS,
  async check() {
    const sources = await read();
    const bad = sources.filter((s) => s.status === 'unhealthy' || s.status === 'degraded');
    if (bad.length === 0) return { status: 'healthy' };
    // Just started: nothing has been asked, so nothing has failed.
    if (bad.every((s) => s.last_success_at === null && s.status === 'degraded')) return { status: 'healthy', message: 'No sweep has ended yet' };
    const status: HealthStatus = bad.length === sources.length ? 'unhealthy' : 'degraded';
    return { status, message: bad.map((s) => `${s.name}: ${s.message ?? s.status}`).join('; ') };
  },
});

/** Decisions are made by jobs: one that gave up, or a queue that nobody empties, is a decision that nobody gets. */
export const decisionsCheck = (jobs: Jobs): ComponentCheck => ({
  name: 'riskcast',
  critical: false,
  intervalMs: INTERVAL_MS,
  async check() {
    const { oldest_job_age_seconds: age } = await jobs.workers();
    if (age > LAG_SECONDS) return { status: 'degraded', message: `The oldest job has waited ${Math.round(age)} s: is a worker running?` };
    const dead = await jobs.deadLetters.list({ task: decisionsEvaluate.name, limit: 1 });
    if (dead[0]) return { status: 'degraded', message: `An evaluation gave up: ${dead[0].error ?? 'no reason kept'} (see /admin/jobs/dead-letters)` };
    return { status: 'healthy' };
  },
});
