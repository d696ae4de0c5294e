/**
 * What the desk leans on goes away in mid-replay and comes back: the process stays, says what is wrong, and goes on by itself
 * to the story that an undisturbed desk tells.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { before, test } from 'node:test';
import { adminToken, ask, assertProblem, type Answer } from '../support/ask.ts';
import { deskHome, startDesk, until, type DeskProcess } from '../support/desk.ts';
import { ownPostgres } from '../support/own-postgres.ts';
import { messagesOnPhones } from '../support/phone.ts';
import { startRedis } from '../support/redis.ts';
import { findServer } from '../support/servers.ts';
import { shortScenario } from '../support/short-scenario.ts';
import { played, story, type Story } from '../support/story.ts';

const scenario = shortScenario('hormuz-2026', '2026-02-26', '2026-03-04');
process.once('exit', () => scenario[Symbol.dispose]());
/** Slow enough to be met in the middle; the story does not depend on the pace. */
const args = ['--scenario', scenario.path, '--seconds-per-day', '0.5'];
const READS = ['/api/v1/signals', '/api/v1/decisions?status=all', '/api/v1/alerts', '/api/v1/shipments', '/api/v1/chokepoints', '/api/v1/status', '/api/v1/replay', '/admin/alerts/queue'] as const;

let expected: Story;

before(async () => {
  using folder = deskHome();
  await using desk = await startDesk({ home: folder.home, args: ['--scenario', scenario.path, '--seconds-per-day', '0'] });
  await played(desk);
  expected = await story(desk);
  assert.ok(expected.alerts.length >= 3 && expected.decisions.length >= 10, 'the story is worth comparing');
});

const watched = (desk: DeskProcess, what: string, limitMs = 30_000) => ({ ended: desk.ended, output: desk.output, limitMs, what });
const health = async (desk: DeskProcess): Promise<{ http: number; status: string; components: Record<string, { status: string }> }> => {
  const { status, json } = await ask(`${desk.url}/health`);
  return { http: status, ...(json as { status: string; components: Record<string, { status: string }> }) };
};

async function inTheMiddle(desk: DeskProcess): Promise<void> {
  await until(async () => ((await desk.get('/api/v1/replay')).body as { day: number }).day >= 3, watched(desk, 'the third day'));
  assert.equal(((await desk.get('/api/v1/replay')).body as { status: string }).status, 'playing', 'the outage is in mid-replay');
}

async function tells(desk: DeskProcess, home: string): Promise<void> {
  await played(desk);
  assert.deepEqual(await story(desk), expected);
  assert.deepEqual([...messagesOnPhones(home)].sort(), [...expected.alerts], 'each alert is on a phone, once');
}

/** Reads all the time, until told to stop. @returns every answer */
function reading(desk: DeskProcess): { stop(): Promise<readonly (Answer & { path: string })[]> } {
  const enough = new AbortController();
  const answers: (Answer & { path: string })[] = [];
  const done = (async () => {
    while (!enough.signal.aborted) {
      for (const path of READS) answers.push({ path, ...(await ask(desk.url + path, { token: desk.token })) });
      await sleep(20);
    }
  })();
  return {
    async stop() {
      enough.abort();
      await done;
      return answers;
    },
  };
}

const redisServer = findServer('redis');

test('Redis killed in mid-replay: degraded and nothing fails; back, it is healthy by itself', { timeout: 120_000, skip: redisServer.skip }, async () => {
  using folder = deskHome();
  await using redis = await startRedis();
  await using desk = await startDesk({ home: folder.home, args, env: { REDIS_URL: redis.url, RATE_LIMIT_GLOBAL: '1000000', RATE_LIMIT_PER_CALLER: '1000000' } });
  assert.equal((await health(desk)).components['redis']?.status, 'healthy');
  await inTheMiddle(desk);
  const reader = reading(desk);
  await redis.stop();
  await until(async () => (await health(desk)).status === 'degraded', watched(desk, 'degraded', 15_000));
  const seen = await health(desk);
  assert.deepEqual([seen.http, seen.components['redis']?.status, seen.components['database']?.status], [200, 'unhealthy', 'healthy']);
  const ready = await ask(`${desk.url}/health/ready`);
  assert.deepEqual([ready.status, ready.json['status']], [200, 'ready'], 'without its cache the desk still takes traffic');
  await tells(desk, folder.home);
  const failed = (await reader.stop()).filter((answer) => answer.status !== 200);
  assert.deepEqual(failed.map(({ path, status, text }) => `${path} ${status} ${text}`), [], 'no read failed meanwhile');
  await redis.start();
  await until(async () => (await health(desk)).status === 'healthy', watched(desk, 'healthy again', 40_000));
});

/** What everybody gets while Postgres is away, asked over and over for the whole outage. @returns ms until /health said so */
async function duringOutage(desk: DeskProcess, token: string, ms: number): Promise<number> {
  const from = performance.now();
  let unhealthyAfter = Infinity;
  for (let pass = 0; performance.now() - from < ms; pass++) {
    for (const path of READS) assertUnavailable(await ask(desk.url + path, { token }), path);
    const write = await ask(`${desk.url}/api/v1/customers`, { token, json: { id: `outage_${pass}`, name: 'Outage', language: 'en', timezone: 'UTC', whatsapp: '+15550100' } });
    assertUnavailable(write, 'a write');
    assert.equal((await ask(`${desk.url}/health/live`)).status, 200, 'the process lives');
    const now = await health(desk);
    if (now.status === 'unhealthy') {
      unhealthyAfter = Math.min(unhealthyAfter, performance.now() - from);
      assert.deepEqual([now.http, now.components['database']?.status], [503, 'unhealthy']);
      const ready = await ask(`${desk.url}/health/ready`);
      assert.deepEqual([ready.status, (ready.json['checks'] as Record<string, { status: string }>)['postgresql']?.status], [503, 'unhealthy']);
    } else assert.equal(unhealthyAfter, Infinity, 'once unhealthy it stays so for as long as Postgres is away');
    await sleep(100);
  }
  return unhealthyAfter;
}

function assertUnavailable(answer: Answer, what: string): void {
  assertProblem(answer, 503, 'DATABASE_UNAVAILABLE', what);
  assert.match(answer.headers.get('retry-after') ?? '', /^[1-9]\d*$/, what);
}

test('Postgres away for ten seconds: 503 with Retry-After, then everything goes on by itself', { timeout: 150_000 }, async () => {
  using folder = deskHome();
  await using postgres = await ownPostgres();
  await using desk = await startDesk({ home: folder.home, args, env: { DATABASE_URL: postgres.url, ADMIN_LOOPBACK: 'true', RATE_LIMIT_GLOBAL: '1000000', RATE_LIMIT_PER_CALLER: '1000000' } });
  const token = await adminToken(desk);
  await inTheMiddle(desk);
  await postgres.stop();
  const unhealthyAfter = await duringOutage(desk, token, 10_000);
  assert.ok(unhealthyAfter < 6_000, `/health said so after ${unhealthyAfter} ms`);
  await postgres.start();
  await until(async () => (await health(desk)).status === 'healthy', watched(desk, 'healthy again', 20_000));
  await tells(desk, folder.home);
  const customers = (await desk.get('/api/v1/customers?limit=100')).body as { items: { id: string }[] };
  assert.deepEqual(customers.items.filter(({ id }) => id.startsWith('outage_')), [], 'a write that was refused has left nothing');
});

test('the embedded Postgres killed under the running desk: started again, and nothing is lost or doubled', { timeout: 120_000 }, async () => {
  using folder = deskHome();
  await using desk = await startDesk({ home: folder.home, args });
  const postmaster = (): number => Number(readFileSync(join(folder.home, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0]);
  await inTheMiddle(desk);
  const killed = postmaster();
  process.kill(killed, 'SIGKILL');
  await until(async () => postmaster() !== killed && (await desk.get('/api/v1/status')).status === 200, watched(desk, 'another Postgres'));
  await until(async () => (await health(desk)).status === 'healthy', watched(desk, 'healthy again', 20_000));
  await tells(desk, folder.home);
});
