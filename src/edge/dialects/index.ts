export { healthRoutes } from './health-routes.ts';
export type { HealthRoutesDeps } from './health-routes.ts';
