/**
 * The authorisation matrix: every route and WebSocket of every port, called with every kind of credential. The expected outcome
 * follows from the route's row in src/app/authorisation.ts; a route without a row does not even start.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { WebSocket } from 'ws';
import { API_AUTHORISATION, GATE_AUTHORISATION, TRACE_AUTHORISATION } from '../../src/app/authorisation.ts';
import { atLeast, type Role } from '../../src/kernel/auth/types.ts';
import { ruleText, type Authorisation, type Rule } from '../../src/kernel/http/index.ts';
import { adminToken } from '../support/ask.ts';
import { freshDatabase } from '../support/database.ts';
import { deskHome, freePort, startDesk, type DeskProcess } from '../support/desk.ts';
import { shortScenario } from '../support/short-scenario.ts';
import { makeCredentials, type Credential, type Proof } from './support/credentials.ts';

const SECRET = 'a-secret-that-only-this-test-knows-81d0';
const NOBODY = 65_534;
/** Another user's connection needs one to be made: root, Linux and curl. */
const canSwitchUser = process.platform === 'linux' && process.geteuid?.() === 0 && spawnSync('curl', ['--version']).status === 0;

const scenario = shortScenario('hormuz-2026', '2026-02-26', '2026-03-04');
const folder = deskHome();
const db = await freshDatabase();
let desk: DeskProcess;
let traceUrl: string;
let credentials: readonly Credential[];

before(async () => {
  const tracePort = await freePort();
  traceUrl = `http://127.0.0.1:${tracePort}`;
  desk = await startDesk({
    home: folder.home,
    args: ['--scenario', scenario.path, '--seconds-per-day', '3600'],
    env: { DATABASE_URL: db.url, ADMIN_LOOPBACK: 'true', JWT_SECRET_KEY: SECRET, TRACE_PORT: String(tracePort), RATE_LIMIT_PER_CALLER: '1000000', RATE_LIMIT_GLOBAL: '1000000' },
  });
  const token = await adminToken(desk);
  const localToken = /x-bellwether-local: ([\w-]+)/.exec(readFileSync(join(folder.home, 'curlrc'), 'utf8'))![1]!;
  const all = await makeCredentials({ url: desk.url, adminToken: token, db, secret: SECRET, localToken });
  credentials = canSwitchUser ? all : all.filter((credential) => credential.asOtherUser !== true);
});

after(async () => {
  await desk?.[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
  for (const made of [folder, scenario]) made[Symbol.dispose]();
});

type Expected = 'open' | 401 | 403 | 421;

const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD';

/** What must come of a call, from the row alone. */
function expected(rule: Rule, method: string, proof: Proof): Expected {
  if (proof.kind === 'foreign') {
    if (!proof.writesOnly || !isRead(method) || method === 'WS') return proof.status;
    return expected(rule, method, { kind: 'identity', role: 'admin', scopes: [] });
  }
  if (rule.kind === 'public') return 'open';
  if (rule.kind === 'proof') return 401;
  const asIdentity = ({ role, scopes }: { role: Role; scopes: readonly string[] }): Expected => {
    const needed = rule.scope ?? (isRead(method) || method === 'WS' ? 'read' : 'write');
    return atLeast(role, rule.role) && (scopes.length === 0 || scopes.includes(needed)) ? 'open' : 403;
  };
  const asNobody = (local: boolean): Expected => (local && (rule.local === 'call' || (rule.local === 'read' && isRead(method))) ? 'open' : 401);
  switch (proof.kind) {
    case 'identity':
      return asIdentity(proof);
    case 'wrong':
      return 401;
    case 'nobody':
      return asNobody(proof.local);
    case 'signature':
      // Where signatures are not taken, the header means nothing.
      if (rule.signed !== true) return asNobody(true);
      return proof.identity === null ? 401 : asIdentity(proof.identity);
  }
}

/** Public routes that refuse by a proof of their own in the query. */
const OWN_REFUSALS: Readonly<Record<string, number>> = { 'GET /webhooks/whatsapp': 403 };

interface Reply {
  readonly status: number;
  readonly code: string | null;
  readonly text: string;
}

const FILLED: Readonly<Record<string, string>> = { ':provider': 'polymarket', ':project': 'bellwether', '*': 'a-page-of-the-console' };
const targetOf = (pattern: string): string => pattern.replace(/:\w+|\*/g, (part) => FILLED[part] ?? 'nothing-of-that-name');

/** By node:http, which lets a test set the Host. A stream is cut once its head is there. */
function call(base: string, method: string, target: string, headers: Readonly<Record<string, string>>): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(base + target, { method, headers: { accept: 'text/html', ...headers }, agent: false, timeout: 15_000 }, (reply) => {
      const isStream = (reply.headers['content-type'] ?? '').startsWith('text/event-stream');
      let text = '';
      const done = (): void => resolve({ status: reply.statusCode ?? 0, code: /"code":"(\w+)"/.exec(text)?.[1] ?? null, text });
      if (isStream) {
        reply.destroy();
        return done();
      }
      reply.setEncoding('utf8').on('data', (chunk: string) => (text += chunk)).on('end', done);
    });
    request.on('error', reject).on('timeout', () => request.destroy(new Error(`${method} ${target} did not end`)));
    request.end();
  });
}

function callByOtherUser(base: string, method: string, target: string, headers: Readonly<Record<string, string>>): Promise<Reply> {
  const args = ['-s', '-o', '-', '-w', '\n%{http_code}', '--max-time', '10', ...(method === 'HEAD' ? ['-I'] : ['-X', method]), '-H', 'accept: text/html', ...Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]), base + target];
  return new Promise((resolve, reject) => {
    const curl = spawn('curl', args, { uid: NOBODY, gid: NOBODY, stdio: ['ignore', 'pipe', 'ignore'] });
    let text = '';
    curl.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    curl.on('error', reject).on('close', () => resolve({ status: Number(text.slice(text.lastIndexOf('\n') + 1)), code: /"code":"(\w+)"/.exec(text)?.[1] ?? null, text }));
  });
}

/** @returns 101 when the handshake was accepted */
function openSocket(base: string, target: string, headers: Readonly<Record<string, string>>): Promise<Reply> {
  return new Promise((resolve) => {
    const socket = new WebSocket(base.replace('http', 'ws') + target, { headers });
    socket.once('open', () => {
      socket.terminate();
      resolve({ status: 101, code: null, text: '' });
    });
    socket.once('unexpected-response', (_request, reply) => {
      reply.resume();
      resolve({ status: reply.statusCode ?? 0, code: null, text: '' });
      socket.terminate();
    });
    socket.on('error', () => undefined);
  });
}

/** `/docs` aside, whose files are anyone's. */
async function walk(name: string, base: string, table: Authorisation): Promise<void> {
  let cells = 0;
  const wrong: string[] = [];
  for (const [key, rule] of Object.entries(table)) {
    const [method = '', pattern = ''] = key.split(' ');
    const target = targetOf(pattern);
    for (const verb of method === 'GET' ? ['GET', 'HEAD'] : [method]) {
      for (const credential of credentials) {
        if (verb === 'WS' && credential.asOtherUser === true) continue;
        const wanted = expected(rule, verb, credential.proof);
        const headers = credential.headers(verb, target);
        const reply = verb === 'WS' ? await openSocket(base, target, headers) : credential.asOtherUser === true ? await callByOtherUser(base, verb, target, headers) : await call(base, verb, target, headers);
        cells += 1;
        const refused = [401, 403, 421].includes(reply.status) && !(wanted === 'open' && OWN_REFUSALS[key] === reply.status);
        const right = wanted === 'open' ? !refused && reply.status < 500 && reply.status > 0 : reply.status === wanted;
        // Whoever is let in must find the route, or its row is out of date.
        const exists = wanted !== 'open' || verb === 'HEAD' || !(reply.code === 'METHOD_NOT_ALLOWED' || (reply.code === 'NOT_FOUND' && reply.text.includes('There is nothing at')));
        if (!right || !exists) wrong.push(`${verb} ${pattern} (${ruleText(rule)}) with ${credential.name}: ${reply.status} ${reply.code ?? ''}, not ${wanted}`);
        if (refused && verb !== 'HEAD' && /"(items|email|token|secret)"/.test(reply.text)) wrong.push(`${verb} ${pattern} with ${credential.name}: a refusal that holds data`);
      }
    }
  }
  console.log(`authorisation matrix of the ${name}: ${Object.keys(table).length} rows, ${credentials.length} credentials, ${cells} cells, ${wrong.length} wrong`);
  assert.deepEqual(wrong, []);
  assert.ok(cells > 0);
}

test('the API: every route, every credential', { timeout: 240_000 }, () => walk('API', desk.url, API_AUTHORISATION));
test('the rate gate: every route, every credential', () => walk('rate gate', desk.gateUrl, GATE_AUTHORISATION));
test('the trace viewer: every route, every credential', () => walk('trace viewer', traceUrl, TRACE_AUTHORISATION));

test('a WebSocket opens nowhere but at its own path, on no port', async () => {
  const headers = credentials.find((c) => c.name === 'key of a admin')!.headers('GET', '/');
  for (const base of [desk.url, desk.gateUrl, traceUrl]) {
    for (const path of ['/', '/health', '/ws', '/ws/market', '/ws/events/', '/api/v1/signals', '/nothing']) {
      assert.equal((await openSocket(base, path, headers)).status, 404, `${base}${path}`);
    }
  }
  for (const base of [desk.gateUrl, traceUrl]) assert.equal((await openSocket(base, '/ws/events', headers)).status, 404);
});
