/** `/api/v1/replay`: where the replay is, and its buttons. `/api/v1/scenarios`: what there is to play. */
import { z } from 'zod';
import { operationalAccess, roleAccess, type HttpApp } from '../../kernel/http/types.ts';
import type { ReplayService } from './service.ts';
import { replayToView } from './store.ts';
import { replayCommand, replayView, scenarioView, type ScenarioView } from './views.ts';

export const replayRoutes =
  (deps: { readonly replay: ReplayService | null; readonly scenarios: readonly ScenarioView[] }) =>
  (app: HttpApp): void => {
    app.get('/api/v1/scenarios', { config: { access: operationalAccess }, schema: { tags: ['replay'], summary: 'The scenarios that this desk has', response: { 200: z.object({ items: z.array(scenarioView) }) } } }, () => ({
      items: [...deps.scenarios],
    }));
    const { replay } = deps;
    if (replay === null) return;
    app.get('/api/v1/replay', { config: { access: operationalAccess }, schema: { tags: ['replay'], summary: 'Where the replay is', response: { 200: replayView } } }, async () => replayToView(await replay.current()));
    app.post(
      '/api/v1/replay',
      { config: { access: roleAccess('operator') }, schema: { tags: ['replay'], summary: 'Play, pause, or play again from the first day', body: replayCommand, response: { 200: replayView } } },
      async (request) => replayToView(await replay.command(request.body, { subject: request.identity!.subject, traceId: request.traceId })),
    );
  };
