/**
 * Hostile input to every route of a running desk, generated from its OpenAPI documents: no request makes the desk
 * fail, and a refused one
 * stores nothing. `BAD_INPUT_SEED` repeats a run, `BAD_INPUT_RUNS` sets the number of requests a route.
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, test } from 'node:test';
import { encodeCursor } from '../../src/kernel/http/index.ts';
import { adminToken, ask } from '../support/ask.ts';
import { freshDatabase } from '../support/database.ts';
import { deskHome, freePort, startDesk, until, type DeskProcess } from '../support/desk.ts';
import { rowCounts, settled } from '../support/rows.ts';
import { shortScenario } from '../support/short-scenario.ts';
import { attacksOn, exampleRequest, sample, type Attack, type Caller } from './support/attacks.ts';
import { examplesOf, makeIds, paramOf, type Example, type Ids } from './support/examples.ts';
import { routesOf, type Door, type Route } from './support/routes.ts';
import { BROKEN_REQUESTS } from './support/broken-requests.ts';
import { closeConnections, send, sendBytes, type Reply } from './support/send.ts';

const SEED = Number(process.env['BAD_INPUT_SEED'] ?? randomInt(2 ** 31));
const RUNS = Number(process.env['BAD_INPUT_RUNS'] ?? 70);

/** It stays on its first day, so that only requests change what is stored. */
const scenario = shortScenario('hormuz-2026', '2026-02-26', '2026-03-04');
const folder = deskHome();
const db = await freshDatabase();
let desk: DeskProcess;
let doors: Readonly<Record<Door, string>>;
let caller: Caller;
let examples: Readonly<Record<string, Example>>;
let routes: readonly Route[];
let codes: ReadonlySet<string>;

before(async () => {
  const trace = await freePort();
  desk = await startDesk({
    home: folder.home,
    args: ['--scenario', scenario.path, '--seconds-per-day', '3600'],
    env: {
      DATABASE_URL: db.url,
      ADMIN_LOOPBACK: 'true',
      TRACE_PORT: String(trace),
      RATE_LIMIT_PER_CALLER: '1000000',
      RATE_LIMIT_GLOBAL: '1000000',
    },
  });
  doors = { api: desk.url, gate: desk.gateUrl, trace: `http://127.0.0.1:${trace}` };
  const token = await adminToken(desk);
  const isDecided = async (): Promise<boolean> => (await db.query('select 1 from decisions limit 1')).rows.length > 0;
  await until(isDecided, { ended: desk.ended, output: desk.output, what: 'the first decision' });
  await settled(db);
  const ids: Ids = await makeIds(desk, token);
  caller = { token, paramOf: (path, name) => paramOf(ids, path, name) };
  examples = examplesOf(ids);
  routes = await routesOf(doors);
  const { json } = await ask(`${desk.url}/api/v1/errors`);
  codes = new Set((json['items'] as { code: string }[]).map(({ code }) => code));
  await settled(db);
});

after(async () => {
  closeConnections();
  await desk?.[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
  for (const made of [folder, scenario]) made[Symbol.dispose]();
});

const nameOf = ({ method, path }: Route): string => `${method} ${path}`;

/** @returns what is wrong with a reply to a hostile request; null: nothing */
function faultOf(reply: Reply, attack: Pick<Attack, 'mayPass' | 'method'>): string | null {
  const { status, contentType, text } = reply;
  const told = `${status} ${text.slice(0, 300)}`;
  if (status >= 500) return `fails: ${told}`;
  if (status >= 200 && status < 300 && !attack.mayPass) return `accepts what its schema refuses: ${told}`;
  if (status < 400) return null;
  if (!contentType.startsWith('application/problem+json'))
    return `refuses without problem+json: ${contentType} ${told}`;
  const { code } = JSON.parse(text) as { code?: string };
  if (code === 'VALUE_NOT_STORABLE') return `lets a value through to Postgres: ${told}`;
  return code !== undefined && codes.has(code) ? null : `refuses with a code that the catalogue does not have: ${told}`;
}

/**
 * Tables that a refused request may add to: failed sign-ins are counted, and a final refusal is stored under its
 * Idempotency-Key.
 */
const mayGrow = (example: Example, attack: Attack): readonly string[] => [
  ...(example.leaves ? [example.leaves] : []),
  ...(attack.headers?.['idempotency-key'] === undefined ? [] : ['idempotency_keys']),
];

interface Tally {
  requests: number;
  accepted: number;
  readonly faults: string[];
}

/** @returns the reply, or null when there was none in time; what is wrong with it is in the tally then */
async function attackOnce(route: Route, attack: Attack, tally: Tally): Promise<Reply | null> {
  tally.requests += 1;
  const fault = (text: string): number => tally.faults.push(`${nameOf(route)}, ${attack.what}: ${text}`);
  try {
    const reply = await send(doors[route.door], attack);
    const wrong = faultOf(reply, attack);
    if (wrong !== null) fault(wrong);
    return reply;
  } catch (error) {
    fault(String(error));
    return null;
  }
}

type Rows = Readonly<Record<string, number>>;
const changed = (before: Rows, after: Rows, except: readonly string[] = []): readonly string[] =>
  Object.keys(after).filter((table) => after[table] !== before[table] && !except.includes(table));

/**
 * Runs `work` between two counts of all rows, and once more when they differ: a scheduled job that came in between
 * does not come again,
 * what the requests themselves store does.
 */
async function tablesChangedBy(
  work: () => Promise<unknown>,
  except: readonly string[] = [],
): Promise<readonly string[]> {
  for (let again = false; ; again = true) {
    if (again) await settled(db);
    const before = await rowCounts(db);
    await work();
    const tables = changed(before, await rowCounts(db), except);
    if (tables.length === 0 || again) return tables;
  }
}

/** Rows are counted after each refused write; what an accepted one sets off is waited for. */
async function attackWrite(route: Route, attacks: readonly Attack[], example: Example, tally: Tally): Promise<void> {
  let rows = await rowCounts(db);
  for (const attack of attacks) {
    const reply = await attackOnce(route, attack, tally);
    const accepted = reply !== null && reply.status > 0 && reply.status < 400;
    if (accepted) {
      tally.accepted += 1;
      await settled(db);
    }
    const [before, allowed] = [rows, mayGrow(example, attack)];
    rows = await rowCounts(db);
    if (accepted || changed(before, rows, allowed).length === 0) continue;
    const tables = await tablesChangedBy(() => attackOnce(route, attack, tally), allowed);
    if (tables.length > 0)
      tally.faults.push(`${nameOf(route)}, ${attack.what}: was refused and changed ${tables.join(', ')}`);
    rows = await rowCounts(db);
  }
}

async function attackRead(route: Route, attacks: readonly Attack[], tally: Tally): Promise<void> {
  const tables = await tablesChangedBy(async () => {
    for (const attack of attacks) await attackOnce(route, attack, tally);
  });
  if (tables.length > 0) tally.faults.push(`${nameOf(route)} is a read and changed ${tables.join(', ')}`);
}

test('every route with a body or a write has a valid example', async () => {
  const writes = routes.filter((route) => route.method !== 'GET' || route.body !== null);
  assert.ok(routes.length > 70 && writes.length > 25, `${routes.length} routes`);
  assert.deepEqual(
    writes.map(nameOf).filter((name) => examples[name] === undefined),
    [],
  );
  assert.deepEqual(
    Object.keys(examples).filter((name) => !routes.some((route) => nameOf(route) === name)),
    [],
  );
  for (const route of writes) {
    const example = examples[nameOf(route)]!;
    const { status, text } = await send(doors[route.door], exampleRequest(route, example, caller));
    assert.ok(
      example.status === undefined ? status >= 200 && status < 300 : status === example.status,
      `${nameOf(route)}: ${status} ${text}`,
    );
  }
  await settled(db);
});

/** Requests that once failed with 500: sent in each run, whatever the seed. */
const KNOWN: readonly (readonly [
  path: string,
  change: { readonly name: string; readonly with: object } | null,
  code: string,
  field: string,
])[] = [
  [
    '/api/v1/shipments',
    { name: 'POST /api/v1/shipments', with: { etd: '0000-01-01T00:00:00Z' } },
    'VALIDATION_FAILED',
    'etd',
  ],
  [
    '/api/v1/signals',
    { name: 'POST /api/v1/signals', with: { horizon_end: '0001-01-01T00:00:00+23:59' } },
    'VALIDATION_FAILED',
    'horizon_end',
  ],
  ['/api/v1/chokepoints/hormuz/history?to=0000-01-01', null, 'VALIDATION_FAILED', 'to'],
  ...['signals', 'decisions', 'alerts', 'backtests'].flatMap((list) =>
    [9_007_199_254_740_991, 8_640_000_000_000_000, -62_167_219_200_000].map(
      (at) => [`/api/v1/${list}?cursor=${encodeCursor([at, 'a'])}`, null, 'CURSOR_INVALID', 'cursor'] as const,
    ),
  ),
  ...['shipments', 'customers', 'users', 'api-keys'].map(
    (list) => [`/api/v1/${list}?cursor=${encodeCursor(['a\0b'])}`, null, 'CURSOR_INVALID', 'cursor'] as const,
  ),
];

test('values that are out of range are refused at their field', async () => {
  const wrong: string[] = [];
  for (const [path, change, code, field] of KNOWN) {
    const { status, json } = await ask(doors.api + path, {
      token: caller.token,
      ...(change && { json: { ...examples[change.name]!.body, ...change.with } }),
    });
    if (status !== 400 || json['code'] !== code || json['field'] !== field)
      wrong.push(`${path}: ${status} ${String(json['code'])} ${String(json['field'])}`);
  }
  assert.deepEqual(wrong, []);
});

test('no hostile request makes the desk fail, and a refused one stores nothing', async () => {
  const tally: Tally = { requests: 0, accepted: 0, faults: [] };
  for (const route of routes) {
    const example = examples[nameOf(route)] ?? {};
    const attacks = attacksOn(route, example, caller);
    const some = sample(attacks, RUNS, SEED, nameOf(route));
    await (route.method === 'GET' ? attackRead(route, some, tally) : attackWrite(route, some, example, tally));
  }
  console.log(
    `bad input: ${routes.length} routes, ${tally.requests} requests, ${tally.accepted} writes accepted, BAD_INPUT_SEED=${SEED}`,
  );
  assert.deepEqual(tally.faults, [], `BAD_INPUT_SEED=${SEED} BAD_INPUT_RUNS=${RUNS} repeats it`);
});

test('bytes that are no valid HTTP get a coded refusal or a closed connection', async () => {
  const faults: string[] = [];
  for (const [door, base] of Object.entries(doors)) {
    for (const [what, bytes] of BROKEN_REQUESTS) {
      const reply = await sendBytes(base, bytes).catch((error: unknown) => String(error));
      const wrong = typeof reply === 'string' ? reply : faultOf(reply, { mayPass: true, method: 'GET' });
      if (wrong !== null) faults.push(`${door}, ${what}: ${wrong}`);
    }
  }
  assert.deepEqual(faults, []);
});

test('afterwards every server lives, no job has given up, and the audit chain is whole', async () => {
  for (const path of [`${doors.api}/health/live`, `${doors.gate}/health/live`, `${doors.trace}/api/public/health`])
    assert.equal((await ask(path)).status, 200, path);
  assert.deepEqual((await ask(`${doors.api}/admin/jobs/dead-letters`, { token: caller.token })).json['items'], []);
  const { rows: failing } = await db.query(
    'select last_error from graphile_worker._private_jobs where last_error is not null',
  );
  assert.deepEqual(failing, []);
  assert.equal((await ask(`${doors.api}/api/v1/audit/verify`, { token: caller.token })).json['ok'], true);
});
