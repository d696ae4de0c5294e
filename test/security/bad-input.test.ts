/**
 * Hostile input to every route of a running desk, generated from its OpenAPI documents: no request makes the desk fail, and a refused one
 * stores nothing. `BAD_INPUT_SEED` repeats a run, `BAD_INPUT_RUNS` sets the number of requests a route.
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, test } from 'node:test';
import { adminToken, ask } from '../support/ask.ts';
import { freshDatabase } from '../support/database.ts';
import { deskHome, freePort, startDesk, type DeskProcess } from '../support/desk.ts';
import { rowCounts, settled } from '../support/rows.ts';
import { shortScenario } from '../support/short-scenario.ts';
import { attacksOn, exampleRequest, sample, type Attack, type Caller } from './support/attacks.ts';
import { examplesOf, makeIds, paramOf, type Example, type Ids } from './support/examples.ts';
import { routesOf, type Door, type Route } from './support/routes.ts';
import { BROKEN_REQUESTS } from './support/broken-requests.ts';
import { closeConnections, send, sendBytes, type Reply } from './support/send.ts';

const SEED = Number(process.env['BAD_INPUT_SEED'] ?? randomInt(2 ** 31));
const RUNS = Number(process.env['BAD_INPUT_RUNS'] ?? 100);

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
    env: { DATABASE_URL: db.url, ADMIN_LOOPBACK: 'true', TRACE_PORT: String(trace), RATE_LIMIT_PER_CALLER: '1000000', RATE_LIMIT_GLOBAL: '1000000' },
  });
  doors = { api: desk.url, gate: desk.gateUrl, trace: `http://127.0.0.1:${trace}` };
  const token = await adminToken(desk);
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
  if (!contentType.startsWith('application/problem+json')) return `refuses without problem+json: ${contentType} ${told}`;
  const { code } = JSON.parse(text) as { code?: string };
  if (code === 'VALUE_NOT_STORABLE') return `lets a value through to Postgres: ${told}`;
  return code !== undefined && codes.has(code) ? null : `refuses with a code that the catalogue does not have: ${told}`;
}

/** Tables that a refused request may add to: failed sign-ins are counted, and a final refusal is stored under its Idempotency-Key. */
const mayGrow = (example: Example, attack: Attack): readonly string[] => [...(example.leaves ? [example.leaves] : []), ...(attack.headers?.['idempotency-key'] === undefined ? [] : ['idempotency_keys'])];

interface Tally {
  requests: number;
  accepted: number;
  readonly faults: string[];
}

/** Sends one attack after another. Of writes, rows are counted after each; what an accepted one sets off is waited for. */
async function attackRoute(route: Route, attacks: readonly Attack[], example: Example, tally: Tally): Promise<void> {
  const write = route.method !== 'GET';
  let rows = await rowCounts(db);
  for (const attack of attacks) {
    const fault = (text: string): number => tally.faults.push(`${nameOf(route)}, ${attack.what}: ${text}`);
    tally.requests += 1;
    const reply = await send(doors[route.door], attack).catch((error: unknown) => String(error));
    if (typeof reply === 'string') {
      fault(reply);
      continue;
    }
    const wrong = faultOf(reply, attack);
    if (wrong !== null) fault(wrong);
    if (!write) continue;
    if (reply.status > 0 && reply.status < 400) {
      tally.accepted += 1;
      await settled(db);
      rows = await rowCounts(db);
      continue;
    }
    const left = await rowCounts(db);
    const grown = Object.keys(left).filter((table) => left[table] !== rows[table] && !mayGrow(example, attack).includes(table));
    if (grown.length > 0) fault(`was refused (${reply.status}) and changed ${grown.join(', ')}`);
    rows = left;
  }
  if (write) return;
  const left = await rowCounts(db);
  const grown = Object.keys(left).filter((table) => left[table] !== rows[table]);
  if (grown.length > 0) tally.faults.push(`${nameOf(route)} is a read and changed ${grown.join(', ')}`);
}

test('every route with a body or a write has a valid example', async () => {
  const writes = routes.filter((route) => route.method !== 'GET' || route.body !== null);
  assert.ok(routes.length > 70 && writes.length > 25, `${routes.length} routes`);
  assert.deepEqual(writes.map(nameOf).filter((name) => examples[name] === undefined), []);
  assert.deepEqual(Object.keys(examples).filter((name) => !routes.some((route) => nameOf(route) === name)), []);
  for (const route of writes) {
    const example = examples[nameOf(route)]!;
    const { status, text } = await send(doors[route.door], exampleRequest(route, example, caller));
    assert.ok(example.status === undefined ? status >= 200 && status < 300 : status === example.status, `${nameOf(route)}: ${status} ${text}`);
  }
  await settled(db);
});

test('no hostile request makes the desk fail, and a refused one stores nothing', async () => {
  const tally: Tally = { requests: 0, accepted: 0, faults: [] };
  for (const route of routes) {
    const example = examples[nameOf(route)] ?? {};
    const attacks = attacksOn(route, example, caller);
    await attackRoute(route, sample(attacks, RUNS, SEED, nameOf(route)), example, tally);
  }
  console.log(`bad input: ${routes.length} routes, ${tally.requests} requests, ${tally.accepted} writes accepted, BAD_INPUT_SEED=${SEED}`);
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
  for (const path of [`${doors.api}/health/live`, `${doors.gate}/health/live`, `${doors.trace}/api/public/health`]) assert.equal((await ask(path)).status, 200, path);
  assert.deepEqual((await ask(`${doors.api}/admin/jobs/dead-letters`, { token: caller.token })).json['items'], []);
  const { rows: failing } = await db.query('select last_error from graphile_worker._private_jobs where last_error is not null');
  assert.deepEqual(failing, []);
  assert.equal((await ask(`${doors.api}/api/v1/audit/verify`, { token: caller.token })).json['ok'], true);
});
