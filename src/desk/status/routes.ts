/** `/api/v1/status`: whether this is a replay or live, as of when, and what it hears. Shown on every page. */
import { z } from 'zod';
import { operationalAccess, type HttpApp } from '../../kernel/http/types.ts';
import { iso, type Millis } from '../../model/time.ts';
import { replayView, type ReplayView } from '../replay/index.ts';
import { deskMode, type SourceView } from './live-gate.ts';

export interface StatusDeps {
  readonly version: string;
  readonly now: () => Promise<Millis>;
  readonly sources: () => Promise<readonly SourceView[]>;
  /** Null on a live desk. */
  readonly replay: () => Promise<ReplayView | null>;
}

const statusView = z.object({
  mode: z.enum(['REPLAY', 'PARTIAL', 'LIVE']).describe('LIVE only while at least 80 % of the configured sources are real and fresh'),
  as_of: z.iso.datetime(),
  version: z.string(),
  sources: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(['real', 'twin']),
      status: z.enum(['healthy', 'degraded', 'unhealthy', 'disabled']),
      last_success_at: z.iso.datetime().nullable(),
      message: z.string().nullable(),
    }),
  ),
  replay: replayView.nullable(),
});
export type StatusView = z.output<typeof statusView>;

export async function deskStatus(deps: StatusDeps): Promise<StatusView> {
  const [now, sources, replay] = await Promise.all([deps.now(), deps.sources(), deps.replay()]);
  return { mode: deskMode(replay !== null, sources), as_of: iso(now), version: deps.version, sources: [...sources], replay };
}

export const statusRoutes =
  (deps: StatusDeps) =>
  (app: HttpApp): void => {
    app.get('/api/v1/status', { config: { access: operationalAccess }, schema: { tags: ['desk'], summary: 'Replay or live, as of when, and what the desk hears', response: { 200: statusView } } }, () => deskStatus(deps));
  };
