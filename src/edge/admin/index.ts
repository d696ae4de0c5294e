export { adminRoutes } from './admin-routes.ts';
export type { AdminDeps } from './admin-routes.ts';
