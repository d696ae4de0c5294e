/** Bad input to a running desk: each is refused with its status, its code and the field at fault, and leaves nothing behind. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { createAccessTokens } from '../../src/kernel/auth/access-tokens.ts';
import { loadSecrets } from '../../src/kernel/auth/secrets.ts';
import { sign } from '../../src/kernel/auth/signatures.ts';
import { ManualClock } from '../../src/model/time.ts';
import { adminToken, ask, assertProblem, type Question } from '../support/ask.ts';
import { freshDatabase } from '../support/database.ts';
import { deskHome, startDesk, until, type DeskProcess } from '../support/desk.ts';
import { rowCounts, settled } from '../support/rows.ts';
import { shortScenario } from '../support/short-scenario.ts';
import { all } from '../support/story.ts';

const SECRET = 'a-secret-that-only-this-test-knows-7c1f';
/** It stands on its first day: nothing moves but what a request moves. */
const scenario = shortScenario('hormuz-2026', '2026-02-26', '2026-03-04');
const folder = deskHome();
const db = await freshDatabase();
let desk: DeskProcess;
const tokens = { admin: '', approver: '', trader: '', viewer: '' };
let producer: { id: string; signing_secret: string };
let decision: string;
let cursor: string;

before(async () => {
  desk = await startDesk({
    home: folder.home,
    args: ['--scenario', scenario.path, '--seconds-per-day', '3600'],
    env: { DATABASE_URL: db.url, ADMIN_LOOPBACK: 'true', JWT_SECRET_KEY: SECRET, RATE_LIMIT_PER_CALLER: '100000', RATE_LIMIT_GLOBAL: '100000' },
  });
  tokens.admin = await adminToken(desk);
  for (const role of ['approver', 'trader', 'viewer'] as const) tokens[role] = String((await newKey({ name: role, role }))['token']);
  producer = (await newKey({ name: 'producer', role: 'trader', scopes: ['signals:write'] })) as typeof producer;
  await settled(db);
  decision = String((await all(desk, '/api/v1/decisions'))[0]!['id']);
  cursor = String((await ask(`${desk.url}/api/v1/shipments?limit=1`, { token: tokens.viewer })).json['next_cursor']);
});

after(async () => {
  await desk?.[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
  for (const made of [folder, scenario]) made[Symbol.dispose]();
});

async function newKey(json: object): Promise<Readonly<Record<string, unknown>>> {
  const { status, json: key } = await ask(`${desk.url}/api/v1/api-keys`, { token: tokens.admin, json });
  assert.equal(status, 201);
  return key;
}

const SHIPMENT = {
  reference: 'BAD-1', customer_id: 'cust_quillmark', from: 'CNSHA', to: 'AEJEA', etd: '2026-03-02T00:00:00Z', eta: '2026-03-20T00:00:00Z',
  cargo_value_usd: '100000', containers: 2, container_type: '40HC', goods_class: 'time_sensitive',
};
const CUSTOMER = { id: 'cust_new', name: 'New', language: 'en', timezone: 'UTC', whatsapp: '+15550100' };

interface Refused {
  readonly what: string;
  readonly path: string;
  readonly question?: () => Question | Promise<Question>;
  readonly status: number;
  readonly code: string;
  readonly field?: string;
  /** What the reply must also say. */
  readonly says?: RegExp;
  /** What may be stored all the same. */
  readonly leaves?: Readonly<Record<string, number>>;
}

const shipment = (change: object): (() => Question) => () => ({ token: tokens.trader, json: { ...SHIPMENT, ...change } });
const asTrader = (question: Question): (() => Question) => () => ({ token: tokens.trader, ...question });
const jsonText = (raw: string): (() => Question) => asTrader({ raw, headers: { 'content-type': 'application/json' } });
const SHIPMENTS = '/api/v1/shipments';

const BODIES: readonly Refused[] = [
  { what: 'JSON that is cut short', path: SHIPMENTS, question: jsonText('{"reference": "A'), status: 400, code: 'BAD_REQUEST', says: /not JSON/ },
  { what: 'JSON that reaches for the prototype', path: SHIPMENTS, question: jsonText('{"__proto__": {"role": "admin"}}'), status: 400, code: 'BAD_REQUEST' },
  { what: 'a list where an object belongs', path: SHIPMENTS, question: jsonText('[]'), status: 400, code: 'VALIDATION_FAILED' },
  { what: 'no body at all', path: SHIPMENTS, question: asTrader({ method: 'POST' }), status: 400, code: 'VALIDATION_FAILED' },
  { what: 'a body of 2 MB', path: SHIPMENTS, question: () => shipment({ vessel: 'x'.repeat(2 * 1_048_576) })(), status: 413, code: 'BODY_TOO_LARGE', says: /1048576/ },
  { what: 'text that calls itself text', path: SHIPMENTS, question: asTrader({ raw: JSON.stringify(SHIPMENT), headers: { 'content-type': 'text/plain' } }), status: 415, code: 'UNSUPPORTED_MEDIA_TYPE', says: /application\/json/ },
  { what: 'a word for a number', path: SHIPMENTS, question: shipment({ containers: 'two' }), status: 400, code: 'VALIDATION_FAILED', field: 'containers', says: /\\"two\\" was given/ },
  { what: 'money as a double', path: SHIPMENTS, question: shipment({ cargo_value_usd: 100000.5 }), status: 400, code: 'VALIDATION_FAILED', field: 'cargo_value_usd', says: /string/ },
  { what: 'money below zero', path: SHIPMENTS, question: shipment({ cargo_value_usd: '-1' }), status: 400, code: 'VALIDATION_FAILED', field: 'cargo_value_usd' },
  { what: 'a day that no calendar has', path: SHIPMENTS, question: shipment({ eta: '2026-02-30T00:00:00Z' }), status: 400, code: 'VALIDATION_FAILED', field: 'eta', says: /ISO 8601/ },
  { what: 'a field that is misspelt', path: SHIPMENTS, question: shipment({ vesel: 'Amber Lantern' }), status: 400, code: 'VALIDATION_FAILED', field: 'vesel', says: /spelling/ },
  { what: 'an arrival before the departure', path: SHIPMENTS, question: shipment({ eta: '2026-03-01T00:00:00Z' }), status: 400, code: 'VALIDATION_FAILED', field: 'eta' },
  { what: 'a port that does not exist', path: SHIPMENTS, question: shipment({ to: 'ZZZZZ' }), status: 422, code: 'SHIPMENT_NO_SEA_ROUTE', field: 'to', says: /ZZZZZ.*"fix":"[^"]*UN\/LOCODE/ },
  { what: 'a port of departure that does not exist', path: SHIPMENTS, question: shipment({ from: 'ZZZZZ' }), status: 422, code: 'SHIPMENT_NO_SEA_ROUTE', field: 'from' },
  { what: 'no code of a port', path: SHIPMENTS, question: shipment({ to: 'Shanghai' }), status: 400, code: 'VALIDATION_FAILED', field: 'to', says: /CNSHA/ },
  { what: 'a customer that nobody knows', path: SHIPMENTS, question: shipment({ customer_id: 'cust_nobody' }), status: 404, code: 'CUSTOMER_UNKNOWN', field: 'customer_id', says: /POST \/api\/v1\/customers/ },
  { what: 'a phone number without a country', path: '/api/v1/customers', question: () => ({ token: tokens.admin, json: { ...CUSTOMER, whatsapp: '5550100' } }), status: 400, code: 'VALIDATION_FAILED', field: 'whatsapp', says: /\+15550100/ },
  { what: 'a time zone of nowhere', path: '/api/v1/customers', question: () => ({ token: tokens.admin, json: { ...CUSTOMER, timezone: 'Mars/Olympus' } }), status: 400, code: 'VALIDATION_FAILED', field: 'timezone', says: /IANA/ },
  { what: 'a source with a capital', path: '/api/v1/signals', question: asTrader({ json: { ...signal('capital'), source: 'Reuters' } }), status: 400, code: 'VALIDATION_FAILED', field: 'source', says: /must be lower-case/ },
  { what: 'a certain probability', path: '/api/v1/signals', question: asTrader({ json: { ...signal('certain'), probability: 1 } }), status: 400, code: 'VALIDATION_FAILED', field: 'probability' },
  { what: 'a command that the replay does not have', path: '/api/v1/replay', question: () => ({ token: tokens.admin, json: { action: 'rewind' } }), status: 400, code: 'VALIDATION_FAILED', field: 'action', says: /play.*pause.*restart/ },
  { what: 'an Idempotency-Key with blanks', path: SHIPMENTS, question: () => ({ ...shipment({})(), headers: { 'idempotency-key': 'two words' } }), status: 400, code: 'IDEMPOTENCY_KEY_INVALID', field: 'Idempotency-Key' },
];

const ADDRESSES: readonly Refused[] = [
  { what: 'an address that there is not', path: '/api/v1/shipmnets', status: 404, code: 'NOT_FOUND', says: /\/docs/ },
  { what: 'a method that there is not', path: SHIPMENTS, question: () => ({ method: 'DELETE', token: tokens.admin }), status: 405, code: 'METHOD_NOT_ALLOWED', says: /GET, HEAD, POST/ },
  { what: 'a broken escape', path: '/api/v1/shipments/%zz', status: 400, code: 'BAD_REQUEST' },
  { what: 'a limit of 101', path: `${SHIPMENTS}?limit=101`, status: 400, code: 'VALIDATION_FAILED', field: 'limit', says: /at most 100/ },
  { what: 'a limit of 0', path: `${SHIPMENTS}?limit=0`, status: 400, code: 'VALIDATION_FAILED', field: 'limit' },
  { what: 'a limit in words', path: `${SHIPMENTS}?limit=all`, status: 400, code: 'VALIDATION_FAILED', field: 'limit' },
  { what: 'a filter that is misspelt', path: '/api/v1/decisions?stauts=all', status: 400, code: 'VALIDATION_FAILED', field: 'stauts' },
  { what: 'a filter with a value that there is not', path: '/api/v1/decisions?status=open', status: 400, code: 'VALIDATION_FAILED', field: 'status', says: /active/ },
  { what: 'a decision that there is not', path: '/api/v1/decisions/dec_0', status: 404, code: 'DECISION_UNKNOWN', field: 'id' },
  { what: 'a signal that there is not', path: '/api/v1/signals/sig_0', status: 404, code: 'SIGNAL_UNKNOWN', field: 'id' },
  { what: 'an alert that there is not', path: '/api/v1/alerts/alt_0', status: 404, code: 'ALERT_UNKNOWN', field: 'id' },
  { what: 'a breaker that there is not', path: '/admin/circuit-breakers/telegraph/reset', question: () => ({ method: 'POST', token: tokens.admin }), status: 404, code: 'BREAKER_UNKNOWN' },
  { what: 'a webhook that the channel did not sign', path: '/webhooks/whatsapp', question: () => ({ json: { entry: [] }, headers: { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` } }), status: 401, code: 'WEBHOOK_SIGNATURE_INVALID' },
];

const CALLERS: readonly Refused[] = [
  { what: 'a write by nobody', path: SHIPMENTS, question: () => ({ json: SHIPMENT }), status: 401, code: 'UNAUTHENTICATED', says: /Bearer/ },
  { what: 'an API key with one letter changed', path: SHIPMENTS, question: () => ({ token: tokens.trader.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A')), json: SHIPMENT }), status: 401, code: 'TOKEN_INVALID' },
  { what: 'an access token that has expired', path: SHIPMENTS, question: async () => ({ token: await accessToken(SECRET, Date.now() - 3_600_000), json: SHIPMENT }), status: 401, code: 'TOKEN_EXPIRED', says: /auth\/refresh/ },
  { what: 'an access token signed with another secret', path: SHIPMENTS, question: async () => ({ token: await accessToken(`${SECRET}x`, Date.now()), json: SHIPMENT }), status: 401, code: 'TOKEN_INVALID' },
  { what: 'an access token of an account that there is not', path: SHIPMENTS, question: async () => ({ token: await accessToken(SECRET, Date.now()), json: SHIPMENT }), status: 401, code: 'TOKEN_REVOKED' },
  { what: 'an access token that asks not to be checked', path: SHIPMENTS, question: async () => ({ token: unsigned(await accessToken(SECRET, Date.now())), json: SHIPMENT }), status: 401, code: 'TOKEN_INVALID' },
  { what: 'a write by a viewer', path: SHIPMENTS, question: () => ({ token: tokens.viewer, json: SHIPMENT }), status: 403, code: 'FORBIDDEN', says: /role trader; yours is viewer/ },
  { what: 'a signature where none is taken', path: SHIPMENTS, question: () => signed(SHIPMENTS, JSON.stringify(SHIPMENT)), status: 401, code: 'UNAUTHENTICATED', says: /Signatures are not taken here/ },
  { what: 'a signature over another body', path: '/api/v1/signals', question: () => ({ ...signed('/api/v1/signals', JSON.stringify(signal('a'))), raw: JSON.stringify(signal('b')) }), status: 401, code: 'SIGNATURE_INVALID' },
  { what: 'a signature for another address', path: '/api/v1/signals?x=1', question: () => signed('/api/v1/signals', JSON.stringify(signal('a'))), status: 401, code: 'SIGNATURE_INVALID' },
  { what: 'a signature of the old form', path: '/api/v1/signals', question: oldForm, status: 401, code: 'SIGNATURE_MALFORMED', field: 'X-Bellwether-Signature', says: /v2=/ },
  { what: 'a signature of ten minutes ago', path: '/api/v1/signals', question: () => signed('/api/v1/signals', JSON.stringify(signal('a')), Date.now() - 600_000), status: 401, code: 'SIGNATURE_EXPIRED' },
];

const OVERRIDE = { action: 'proceed', reason: 'The customer insists' };
const toOverride = (role: keyof typeof tokens, json: object): (() => Question) => () => ({ token: tokens[role], json });
const OVERRIDES: readonly Omit<Refused, 'path'>[] = [
  { what: 'an override without the role', question: toOverride('trader', OVERRIDE), status: 403, code: 'FORBIDDEN', says: /role approver; yours is trader/ },
  { what: 'an override without a reason', question: toOverride('approver', { action: 'proceed' }), status: 400, code: 'VALIDATION_FAILED', field: 'reason' },
  { what: 'an override with a reason of blanks', question: toOverride('approver', { action: 'proceed', reason: '        ' }), status: 400, code: 'VALIDATION_FAILED', field: 'reason' },
  { what: 'an override with an action that there is not', question: toOverride('approver', { ...OVERRIDE, action: 'pray' }), status: 400, code: 'VALIDATION_FAILED', field: 'action' },
];

function signal(id: string): Record<string, unknown> {
  return {
    external_id: `bad-${id}`, source: 'test-wire', url: 'https://example.org/1', claim: 'Will ships pass Hormuz in March?', probability: 0.4,
    subject: { type: 'chokepoint', id: 'hormuz' }, polarity: 'raises', horizon_end: '2026-03-31T00:00:00Z',
  };
}

async function accessToken(secret: string, at: number): Promise<string> {
  const secrets = await loadSecrets(db, secret);
  return createAccessTokens(secrets, new ManualClock(at), 900_000).issue({ userId: 'usr_0', sessionId: 'ses_0' }, at);
}

const unsigned = (token: string): string => `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${token.split('.')[1]}.`;

function signed(target: string, raw: string, at = Date.now()): Question {
  const timestamp = String(at);
  const nonce = randomUUID();
  const signature = sign(producer.signing_secret, { method: 'POST', target, timestamp, nonce, body: raw });
  const headers = {
    'content-type': 'application/json',
    'x-bellwether-key': producer.id,
    'x-bellwether-timestamp': timestamp,
    'x-bellwether-nonce': nonce,
    'x-bellwether-signature': signature,
  };
  return { raw, headers };
}

function oldForm(): Question {
  const { raw, headers } = signed('/api/v1/signals', JSON.stringify(signal('a')));
  return { raw: raw!, headers: { ...headers, 'x-bellwether-signature': '0'.repeat(64) } };
}

/** Codes and traces that were told, to be found in the log. */
const told: { code: string; trace: string }[] = [];

async function refused(path: string, { what, question, status, code, field, says, leaves = {} }: Omit<Refused, 'path'>): Promise<void> {
  const asked = (await question?.()) ?? {};
  const stored = await rowCounts(db);
  const token = asked.token === undefined && asked.raw === undefined && asked.json === undefined && asked.method === undefined ? tokens.viewer : asked.token;
  const answer = await ask(desk.url + path, { ...asked, ...(token === undefined ? {} : { token }), headers: { 'x-request-id': `bad-input.${told.length}`, ...asked.headers } });
  assertProblem(answer, status, code, what);
  assert.equal(answer.headers.get('x-request-id'), `bad-input.${told.length}`, what);
  if (field !== undefined) assert.equal(answer.json['field'], field, `${what}: ${answer.text}`);
  if (says) assert.match(answer.text, says, what);
  const allowed = Object.fromEntries(Object.entries(stored).map(([table, n]) => [table, n + (leaves[table] ?? 0)]));
  assert.deepEqual(await rowCounts(db), allowed, `${what}: something was left behind`);
  told.push({ code, trace: String(answer.json['trace_id']) });
}

for (const [title, cases] of [['bodies', BODIES], ['addresses and queries', ADDRESSES], ['callers', CALLERS]] as const) {
  test(`${title} that are wrong are refused, with nothing left behind`, async () => {
    for (const one of cases) await refused(one.path, one);
  });
}

test('an override is refused without the role, a reason or an action that there is', async () => {
  for (const one of OVERRIDES) await refused(`/api/v1/decisions/${decision}/override`, one);
  assert.equal((await ask(`${desk.url}/api/v1/decisions/${decision}`, { token: tokens.viewer })).json['status'], 'active');
});

test('all faults of a body are told at once, each with its field', async () => {
  const answer = await ask(desk.url + SHIPMENTS, { token: tokens.trader, json: { ...SHIPMENT, containers: 0, container_type: '40FT', eta: 'soon', colour: 'red' } });
  assertProblem(answer, 400, 'VALIDATION_FAILED');
  const issues = answer.json['issues'] as { field: string; message: string }[];
  assert.deepEqual(issues.map(({ field }) => field).sort(), ['colour', 'container_type', 'containers', 'eta']);
});

test('a cursor that was altered, or that another list gave out, is refused', async () => {
  const altered = cursor.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A'));
  for (const [what, path] of [['altered', `${SHIPMENTS}?cursor=${altered}`], ['cut short', `${SHIPMENTS}?cursor=${cursor.slice(0, -4)}`], ['of another list', `/api/v1/decisions?cursor=${cursor}`], ['made up', `${SHIPMENTS}?cursor=1`]] as const) {
    await refused(path, { what: `a cursor ${what}`, status: 400, code: 'CURSOR_INVALID', field: 'cursor' });
  }
  const [first, second] = [await ask(`${desk.url}${SHIPMENTS}?limit=1`, { token: tokens.viewer }), await ask(`${desk.url}${SHIPMENTS}?limit=1&cursor=${cursor}`, { token: tokens.viewer })];
  assert.equal(second.status, 200);
  assert.notDeepEqual(second.json['items'], first.json['items'], 'as it was given out it leads on');
});

test('an Idempotency-Key: a repeat gets the same reply and does nothing; another body under it is refused', async () => {
  const send = (name: string) => ask(`${desk.url}/api/v1/customers`, { token: tokens.admin, json: { ...CUSTOMER, name }, headers: { 'idempotency-key': 'bad-input-1' } });
  const before = await rowCounts(db);
  const first = await send('New');
  assert.equal(first.status, 201);
  const stored = await rowCounts(db);
  assert.deepEqual([stored['customers'], stored['audit_logs']], [before['customers']! + 1, before['audit_logs']! + 1]);
  const again = await send('New');
  assert.deepEqual([again.status, again.text, again.headers.get('idempotency-replayed')], [201, first.text, 'true']);
  const other = await send('Other');
  assertProblem(other, 422, 'IDEMPOTENCY_KEY_REUSED');
  assert.equal(other.json['field'], 'Idempotency-Key');
  assert.deepEqual(await rowCounts(db), stored);
  assert.equal((await ask(`${desk.url}/api/v1/customers/cust_new`, { token: tokens.viewer })).json['name'], 'New');
});

test('a signed statement is taken once: the same request again is refused', async () => {
  const question = signed('/api/v1/signals', JSON.stringify(signal('replayed')));
  const first = await ask(`${desk.url}/api/v1/signals`, question);
  assert.equal(first.status, 201, first.text);
  await settled(db);
  await refused('/api/v1/signals', { what: 'a replayed signature', question: () => question, status: 401, code: 'SIGNATURE_REPLAYED', says: /nonce/ });
});

test('each refusal is in the log with its code and trace, and no secret is', async () => {
  const lines = () => desk.output().split('\n');
  for (const { code, trace } of told) await until(async () => lines().some((line) => line.includes(trace) && line.includes(code)), { output: () => '', limitMs: 5_000, what: `${code} ${trace} in the log` });
  assert.ok(told.length >= 45);
  for (const hidden of [SECRET, tokens.trader, tokens.approver, producer.signing_secret]) assert.ok(!desk.output().includes(hidden), 'a secret is in the log');
});

test('wrong configuration: every variable in one line with what would be right, exit 78, no secret shown', async () => {
  using home = deskHome();
  const env = { PORT: '99999', LOG_LEVEL: 'loud', ENABLE_CACHING: 'perhaps', JWT_SECRET_KEY: 'hunter2', DATABASE_URL: 'mysql://desk:swordfish@db/desk', WHATSAPP_PHONE_ID: '+84' };
  const wrong = await startDesk({ home: home.home, env, wait: false });
  assert.equal(await wrong.ended, 78);
  const output = wrong.output();
  assert.match(output, /\[CONFIG_INVALID\]/);
  for (const name of Object.keys(env)) assert.equal(output.split('\n').filter((line) => line.trim().startsWith(`${name}:`)).length, 1, `${name} in one line:\n${output}`);
  assert.match(output, /PORT: .*from 0 to 65535.*"99999"/);
  assert.doesNotMatch(output, /hunter2|swordfish/);
});
