/** The stage `shipping`: who ships what, where, when and on which terms; and the way that each shipment takes. */
export { RISK_TOLERANCES, type Customer, type RiskTolerance } from './customer.ts';
export type { Audit, AuditEntry, OnShipments, RoutePlanner } from './ports.ts';
export { upsertCustomersAndShipments, type ShippingData, type ShippingReport } from './register.ts';
export type { ShippingRoutesDeps } from './route-parts.ts';
export { shippingRoutes } from './routes.ts';
export { plannerOver, type SeaRouterLike } from './sea-planner.ts';
export { CONTAINER_TEU, CONTAINER_TYPES, feuOf, GOODS_CLASSES, SHIPMENT_STATUSES, teuOf, type ContainerType, type GoodsClass, type PenaltyTerms, type SeaRoute, type Shipment, type ShipmentStatus } from './shipment.ts';
export { customersById, findCustomer } from './store/customers.ts';
export { countAhead, forgetShipping, shipmentsAhead, type Ahead } from './store/shipments.ts';
export { daysUntil, passageTime, phaseAt, sailedFraction, type Phase } from './voyage.ts';
