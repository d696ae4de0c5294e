/** The stage over HTTP: shipments, customers, and files of either. */
import type { HttpApp } from '../../kernel/http/index.ts';
import { customerRoutes } from './customer-routes.ts';
import { importRoutes } from './import/routes.ts';
import type { ShippingRoutesDeps } from './route-parts.ts';
import { shipmentRoutes } from './shipment-routes.ts';

export const shippingRoutes = (deps: ShippingRoutesDeps) => (app: HttpApp): void => {
  shipmentRoutes(app, deps);
  customerRoutes(app, deps);
  importRoutes(app, deps);
};
