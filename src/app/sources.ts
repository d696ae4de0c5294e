/** How the sources stand: what each last sweep says of it, for the live gate and the status page. */
import type { SourceView } from '../desk/status/index.ts';
import type { Executor } from '../kernel/database/index.ts';
import { sourceStates } from '../kernel/sweeps/index.ts';
import { HOUR_MS, iso, type Clock } from '../model/time.ts';
import type { World } from './world.ts';

/** A round is every quarter of an hour: a source that has not answered for three is not fresh. */
const STALE_MS = HOUR_MS;

export async function deskSources(on: Executor, world: World, clock: Clock): Promise<readonly SourceView[]> {
  const states = new Map((await sourceStates(on)).map((s) => [`${s.stage} ${s.source}`, s]));
  const asked = [...world.signalSources.map(({ name, kind }) => ({ stage: 'signals', name, kind })), ...world.observationSources.map(({ name, kind }) => ({ stage: 'reality', name, kind }))];
  return asked.map(({ stage, name, kind }) => {
    const state = states.get(`${stage} ${name}`);
    if (!state) return { name, kind, status: 'degraded', last_success_at: null, message: 'Not asked yet' };
    const { lastSuccessAt, lastFailure, healthy } = state;
    const stale = lastSuccessAt === null || clock.now() - lastSuccessAt > STALE_MS;
    // A replay that has ended asks no more; its sources are twins, whose freshness means nothing.
    const status = !healthy ? 'unhealthy' : stale && kind === 'real' ? 'degraded' : 'healthy';
    const message = !healthy && lastFailure ? `${lastFailure.code} at ${iso(lastFailure.at)}` : status === 'degraded' ? 'No answer for more than an hour' : null;
    return { name, kind, status, last_success_at: lastSuccessAt === null ? null : iso(lastSuccessAt), message };
  });
}
