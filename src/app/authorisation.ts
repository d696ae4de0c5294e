/**
 * The authorisation tables: each route and WebSocket of each port, and who may call it. A route that has no row here, or
 * whose own rule differs from its row, stops the start; test/security/matrix.test.ts calls every row with every kind of credential.
 * In words: docs/api.md.
 */
import {
  operationalAccess as operational,
  readAccess as viewer,
  roleAccess,
  signedAccess,
  type Authorisation,
  type Rule,
} from '../kernel/http/index.ts';

const anyone: Rule = { kind: 'public' };
const signIn: Rule = { kind: 'public', share: 'sign-in' };
const trader = roleAccess('trader');
const approver = roleAccess('approver');
const operator = roleAccess('operator');
const admin = roleAccess('admin');
const proofOf = (service: string): Rule => ({ kind: 'proof', service });

const HEALTH: Authorisation = {
  'GET /health': anyone,
  'GET /health/live': anyone,
  'GET /health/ready': anyone,
  'GET /api/v1/ready': anyone,
  'GET /api/v1/health': anyone,
  'GET /api/health': anyone,
  'GET /health/detailed': operational,
  'GET /health/components': operational,
  'GET /health/circuit-breakers': operational,
  'GET /health/scheduler': operational,
  'GET /health/worker': operational,
  'GET /metrics': anyone,
};

/** What createHttp itself registers. Swagger UI under /docs is for anyone too. */
const INTERFACE: Authorisation = {
  'GET /openapi.json': anyone,
  'GET /api/v1/errors': anyone,
};

/** Port 8000. */
export const API_AUTHORISATION: Authorisation = Object.freeze({
  ...HEALTH,
  ...INTERFACE,
  'GET /': anyone,
  'GET /*': anyone,

  'POST /api/v1/auth/login': signIn,
  'POST /api/v1/auth/link': signIn,
  'POST /api/v1/auth/refresh': signIn,
  'POST /api/v1/auth/logout': signIn,
  'GET /api/v1/auth/me': viewer,
  'GET /api/v1/users': admin,
  'POST /api/v1/users': admin,
  'PATCH /api/v1/users/:id': admin,
  'GET /api/v1/api-keys': admin,
  'POST /api/v1/api-keys': admin,
  'POST /api/v1/api-keys/:id/rotate': admin,
  'POST /api/v1/api-keys/:id/revoke': admin,
  'GET /api/v1/audit': admin,
  'GET /api/v1/audit/verify': admin,

  'GET /api/v1/status': operational,
  'GET /api/v1/scenarios': operational,
  'GET /api/v1/replay': operational,
  'POST /api/v1/replay': operator,
  'GET /api/v1/backtests': viewer,
  'GET /api/v1/backtests/:id': viewer,
  'POST /api/v1/backtests': operator,
  'WS /ws/events': viewer,
  'GET /ws/events': viewer,
  'GET /api/v1/events': viewer,

  'POST /admin/circuit-breakers/:name/reset': admin,
  'GET /admin/debug/memory': operational,
  'GET /admin/jobs/dead-letters': viewer,
  'POST /admin/jobs/dead-letters/:id/requeue': operator,
  'POST /admin/signals/refresh': operator,
  'GET /admin/alerts/queue': { kind: 'role', role: 'operator', local: 'read' },
  'POST /admin/alerts/:id/requeue': operator,

  'GET /api/v1/signals': viewer,
  'GET /api/v1/signals/:id': viewer,
  'POST /api/v1/signals': signedAccess('trader', 'signals:write'),
  'GET /api/v1/chokepoints': viewer,
  'GET /api/v1/chokepoints/:id/history': viewer,
  'GET /api/v1/geography': viewer,
  'GET /api/v1/sea-route': viewer,

  'GET /api/v1/customers': viewer,
  'GET /api/v1/customers/:id': viewer,
  'POST /api/v1/customers': operator,
  'PUT /api/v1/customers/:id': operator,
  'GET /api/v1/shipments': viewer,
  'GET /api/v1/shipments/:id': viewer,
  'POST /api/v1/shipments': trader,
  'PUT /api/v1/shipments/:id': trader,
  'GET /api/v1/imports/shipments/template': viewer,
  'GET /api/v1/imports/shipments/columns': viewer,
  'POST /api/v1/imports/shipments': trader,
  'GET /api/v1/imports/customers/template': viewer,
  'GET /api/v1/imports/customers/columns': viewer,
  'POST /api/v1/imports/customers': operator,

  'GET /api/v1/decisions': viewer,
  'GET /api/v1/decisions/:id': viewer,
  'GET /api/v1/decisions/:id/evidence': viewer,
  'GET /api/v1/decisions/:id/replay': viewer,
  'GET /api/v1/decisions/:id/audit': viewer,
  'POST /api/v1/decisions/:id/acknowledge': trader,
  'POST /api/v1/decisions/:id/override': approver,
  'POST /api/v1/decisions/:id/outcome': trader,
  'GET /api/v1/calibration': viewer,

  'GET /api/v1/alerts': viewer,
  'GET /api/v1/alerts/:id': viewer,
  'POST /api/v1/alerts/:id/call/close': operator,
  'GET /webhooks/whatsapp': anyone,
  'POST /webhooks/whatsapp': proofOf('whatsapp'),
  'POST /webhooks/telegram': proofOf('telegram'),
});

/** Port 3001. Programs of this machine ask the gate before each call to a provider. */
export const GATE_AUTHORISATION: Authorisation = Object.freeze({
  ...HEALTH,
  ...INTERFACE,
  'GET /check/:provider': { kind: 'role', role: 'viewer', local: 'call' },
  'POST /check/:provider': { kind: 'role', role: 'viewer', local: 'call' },
  'POST /consume/:provider': { kind: 'role', role: 'viewer', local: 'call' },
  'GET /status': operational,
  'GET /status/:provider': operational,
  'POST /reset': roleAccess('admin', 'gate:reset'),
  'POST /reset/:provider': roleAccess('admin', 'gate:reset'),
});

/** Port 3000. */
export const TRACE_AUTHORISATION: Authorisation = Object.freeze({
  ...INTERFACE,
  'GET /api/public/health': anyone,
  'GET /project/:project/traces': viewer,
  'GET /project/:project/traces/:id': viewer,
  'GET /api/public/traces': viewer,
  'GET /api/public/traces/:id': viewer,
  'POST /v1/traces': roleAccess('operator', 'traces:write'),
});
