/**
 * One request for each route that takes a body or a path parameter, valid by its schema: the start of each mutation.
 */
import { ask } from '../../support/ask.ts';
import type { DeskProcess } from '../../support/desk.ts';

export interface Example {
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
  /** A body that is no JSON object, with its content type. */
  readonly file?: { readonly type: string; readonly text: string };
  /** Headers that depend on the body. */
  readonly headersFor?: (body: Buffer) => Readonly<Record<string, string>>;
  /** Status of the reply to the example itself, where it is no 2xx. */
  readonly status?: number;
  /** A table that a refused request may add rows to. */
  readonly leaves?: string;
}

const SHIPMENT = {
  reference: 'FUZZ-1',
  customer_id: 'cust_quillmark',
  from: 'CNSHA',
  to: 'AEJEA',
  etd: '2026-03-02T00:00:00Z',
  eta: '2026-03-20T00:00:00Z',
  cargo_value_usd: '100000',
  containers: 2,
  container_type: '40HC',
  goods_class: 'time_sensitive',
  carrier: 'MAEU',
  vessel: 'Amber Lantern',
  booking_reference: 'B-1',
  status: 'booked',
  penalty_per_day_usd: '10',
  penalty_free_days: 1,
  penalty_cap_usd: '100',
};
const CUSTOMER = {
  name: 'Fuzz',
  language: 'en',
  timezone: 'UTC',
  contacts: [{ channel: 'email', address: 'desk@example.com' }],
  whatsapp: '+15550100',
  min_exposure_usd: '0',
  min_probability: 0.5,
  risk_tolerance: 'balanced',
  quiet_hours: { from: '22:00', to: '07:00' },
};
const SIGNAL = {
  kind: 'event',
  external_id: 'fuzz-1',
  source: 'fuzz',
  url: 'https://example.org/1',
  claim: 'Will ships pass Hormuz in March?',
  subject: { type: 'chokepoint', id: 'hormuz' },
  probability: 0.4,
  polarity: 'raises',
  horizon_end: '2026-03-31T00:00:00Z',
  observed_at: '2026-02-20T00:00:00Z',
  liquidity_usd: 1_000,
  volume_usd: 1_000,
};
const SPAN = {
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  name: 'fuzz',
  kind: 2,
  startTimeUnixNano: '1772366400000000000',
  endTimeUnixNano: 1_772_366_400_500_000_000,
  attributes: [{ key: 'n', value: { intValue: '1' } }],
  status: { code: 2, message: 'no' },
};
export const WHATSAPP = {
  object: 'whatsapp_business_account',
  entry: [
    {
      id: 'fuzz',
      changes: [
        {
          field: 'messages',
          value: {
            statuses: [
              { id: 'wamid.FUZZ', status: 'read', timestamp: '1772366400', biz_opaque_callback_data: 'alr_0:1:0' },
            ],
            messages: [
              {
                id: 'wamid.FUZZ2',
                from: '15550100',
                timestamp: '1772366400',
                type: 'text',
                text: { body: 'hello' },
                context: { id: 'wamid.FUZZ3' },
              },
            ],
          },
        },
      ],
    },
  ],
};
export const TELEGRAM = {
  update_id: 1,
  message: { message_id: 1, chat: { id: 1 }, date: 1_772_366_400, text: 'hello', reply_to_message: { message_id: 2 } },
};

const csv = (columns: Readonly<Record<string, string>>): string =>
  `${Object.keys(columns).join(',')}\r\n${Object.values(columns).join(',')}\r\n`;
const SHIPMENT_FILE = csv({
  reference: 'FUZZ-2',
  customer_id: 'cust_quillmark',
  from: 'CNSHA',
  to: 'AEJEA',
  etd: '2026-03-02',
  eta: '2026-03-20T06:00Z',
  cargo_value_usd: '100000',
  containers: '2',
  container_type: '40HC',
  goods_class: 'general',
  vessel: 'Amber',
  penalty_per_day_usd: '10',
  penalty_free_days: '1',
  penalty_cap_usd: '100',
});
const CUSTOMER_FILE = csv({
  id: 'fuzz-2',
  name: 'Fuzz',
  language: 'en',
  timezone: 'UTC',
  whatsapp: '+15550101',
  email: 'desk@example.com',
  webhook: 'https://example.com/hook',
  min_exposure_usd: '1',
  min_probability: '5%',
  quiet_from: '22:00',
  quiet_to: '07:00',
});

export interface Ids {
  readonly decision: string;
  readonly shipment: string;
  readonly customer: string;
  readonly key: string;
  readonly user: string;
}

export const examplesOf = (ids: Ids): Readonly<Record<string, Example>> => ({
  'POST /api/v1/auth/login': {
    body: { email: 'nobody@example.com', password: 'not the password' },
    status: 401,
    leaves: 'login_failures',
  },
  'POST /api/v1/auth/link': { body: { code: 'nothing' }, status: 401 },
  'POST /api/v1/auth/refresh': { body: { refresh_token: 'bwr_nothing' }, status: 401 },
  'POST /api/v1/auth/logout': { body: { refresh_token: 'bwr_nothing' } },
  'POST /api/v1/users': {
    body: { email: 'fuzz@example.com', password: 'long enough for this', role: 'viewer', reason: 'test' },
  },
  'PATCH /api/v1/users/{id}': { params: { id: ids.user }, body: { role: 'trader', disabled: false, reason: 'test' } },
  'POST /api/v1/api-keys': {
    body: { name: 'fuzz', role: 'viewer', scopes: ['read'], expires_at: '2199-01-01T00:00:00Z', reason: 'test' },
  },
  'POST /api/v1/api-keys/{id}/rotate': { params: { id: ids.key }, body: { overlap_seconds: 60, reason: 'test' } },
  'POST /api/v1/api-keys/{id}/revoke': { params: { id: 'key_none' }, body: { reason: 'test' }, status: 404 },
  'POST /api/v1/replay': { body: { action: 'pause', seconds_per_day: 3_600 } },
  'POST /api/v1/backtests': { body: { scenario: 'none-of-this-name' }, status: 404 },
  'POST /api/v1/signals': { body: SIGNAL },
  'POST /api/v1/shipments': { body: SHIPMENT },
  'PUT /api/v1/shipments/{id}': { params: { id: ids.shipment }, body: SHIPMENT },
  'POST /api/v1/customers': { body: { id: 'fuzz-1', ...CUSTOMER } },
  'PUT /api/v1/customers/{id}': { params: { id: ids.customer }, body: CUSTOMER },
  'POST /api/v1/imports/shipments': { file: { type: 'text/csv', text: SHIPMENT_FILE } },
  'POST /api/v1/imports/customers': { file: { type: 'text/csv', text: CUSTOMER_FILE } },
  'POST /api/v1/decisions/{id}/acknowledge': { params: { id: ids.decision }, body: { note: 'seen' } },
  'POST /api/v1/decisions/{id}/override': {
    params: { id: ids.decision },
    body: { action: 'proceed', reason: 'The customer insists' },
  },
  'POST /api/v1/decisions/{id}/outcome': {
    params: { id: ids.decision },
    body: { hit: false, delay_days: 1, cost_usd: '10.5', action_taken: 'proceed', note: 'none' },
  },
  'POST /api/v1/alerts/{id}/call/close': { params: { id: 'alr_none' }, body: { note: 'called' }, status: 404 },
  'POST /admin/alerts/{id}/requeue': { params: { id: 'alr_none' }, body: { reason: 'test' }, status: 404 },
  'POST /admin/circuit-breakers/{name}/reset': { params: { name: 'polymarket' }, body: { reason: 'test' } },
  'POST /admin/jobs/dead-letters/{id}/requeue': { params: { id: '1' }, status: 404 },
  'POST /admin/signals/refresh': {},
  // Between a desk and its twins the secrets are random: signed bodies are in webhooks.test.ts.
  'POST /webhooks/whatsapp': { body: WHATSAPP, status: 401 },
  'POST /webhooks/telegram': { body: TELEGRAM, status: 401 },
  'POST /check/{provider}': { params: { provider: 'polymarket' }, body: { weight: 1, lane: 'normal' } },
  'POST /consume/{provider}': { params: { provider: 'polymarket' }, body: { weight: 1, lane: 'normal' } },
  'POST /reset': { body: { force: false, reason: 'test' }, status: 409 },
  'POST /reset/{provider}': { params: { provider: 'polymarket' }, body: { force: false, reason: 'test' }, status: 409 },
  'POST /v1/traces': {
    body: {
      resourceSpans: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'fuzz' } }] },
          scopeSpans: [{ spans: [SPAN] }],
        },
      ],
    },
  },
});

/** A value for each path parameter of reads; of a route with an example, the example's. */
export const paramOf = (ids: Ids, path: string, name: string): string => {
  if (name === 'provider') return 'polymarket';
  if (name === 'project') return 'desk';
  if (path.includes('/chokepoints/')) return 'hormuz';
  if (path.includes('traces')) return 'a'.repeat(32);
  if (path.includes('/decisions/')) return ids.decision;
  if (path.includes('/shipments/')) return ids.shipment;
  if (path.includes('/customers/')) return ids.customer;
  return 'none';
};

/** Makes what the examples name, and finds what the desk has made. */
export async function makeIds(desk: DeskProcess, token: string): Promise<Ids> {
  const one = async (path: string): Promise<string> => {
    const { json } = await ask(`${desk.url}${path}?limit=1`, { token });
    return String((json['items'] as { id: string }[])[0]?.id ?? 'none');
  };
  const post = async (path: string, json: object): Promise<string> =>
    String((await ask(desk.url + path, { token, json })).json['id']);
  return {
    decision: await one('/api/v1/decisions'),
    shipment: await post('/api/v1/shipments', SHIPMENT),
    customer: await post('/api/v1/customers', { id: 'fuzz-0', ...CUSTOMER }),
    key: await post('/api/v1/api-keys', { name: 'spare', role: 'viewer' }),
    user: await post('/api/v1/users', { email: 'spare@example.com', password: 'long enough for this', role: 'viewer' }),
  };
}
