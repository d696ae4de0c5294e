/** `GET /metrics` for Prometheus. */
import type { Metrics } from '../metrics/types.ts';
import { publicAccess, type HttpApp } from './types.ts';

export const metricsRoutes = (metrics: Metrics) => (app: HttpApp): void => {
  const access = publicAccess('Prometheus scrapes it without signing in; it holds sums, never a customer');
  app.get('/metrics', { config: { access, probe: true }, schema: { hide: true } }, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
};
