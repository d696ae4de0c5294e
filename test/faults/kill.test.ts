/**
 * Killed at named points between the stages, and started again: the replay goes on, and the story is the one that a desk
 * without any accident tells: no signal, decision or alert lost or doubled.
 */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { deskHome, startDesk, type DeskProcess } from '../support/desk.ts';
import { messagesOnPhones } from '../support/phone.ts';
import { shortScenario } from '../support/short-scenario.ts';
import { all, played, story, type Story } from '../support/story.ts';

/** The point, and which pass through it: the first would often be before anything has happened. */
const POINTS = [
  'replay.day-before-commit#3',
  'replay.day-committed#4',
  'signals.stored-before-commit#2',
  'reality.committed-before-next-source#4',
  'reality.assessed-before-commit#2',
  'decisions.stored-before-handed-over#3',
  'decisions.handed-over-before-commit#2',
  'decisions.settled-before-commit#2',
  'record.scored-before-commit#1',
  'alerts.stored-before-call#2',
  'alerts.accepted-before-stored#2',
  'alerts.webhook-before-stored#3',
] as const;

const scenario = shortScenario('hormuz-2026', '2026-02-26', '2026-03-04');
process.once('exit', () => scenario[Symbol.dispose]());
const args = ['--scenario', scenario.path, '--seconds-per-day', '0'];

let expected: Story;

before(async () => {
  using folder = deskHome();
  await using desk = await startDesk({ home: folder.home, args });
  await played(desk);
  expected = await story(desk);
  assert.ok(expected.alerts.length >= 3 && expected.decisions.length >= 10 && expected.record.length === 3, 'the story is worth comparing');
  assert.deepEqual([...messagesOnPhones(folder.home)].sort(), [...expected.alerts]);
});

/** @param mayLose the kill fell into the sending of one message */
async function tells(desk: DeskProcess, home: string, mayLose: boolean): Promise<void> {
  await played(desk, 150_000);
  assert.deepEqual(await story(desk), expected);
  // A send that was lost is asked for proof for half a minute; what newer advice or an end has overtaken by then is not sent again, and says so.
  const overtaken = (await all(desk, '/api/v1/alerts')).filter((a) => a['status'] === 'suppressed' && /^(superseded_by|settled):/.test(String(a['reason']))).map((a) => String(a['id']));
  assert.ok(overtaken.length === 0 || mayLose, `overtaken: ${overtaken.join(', ')}`);
  const seen = messagesOnPhones(home);
  assert.equal(new Set(seen).size, seen.length, 'no alert is on a phone twice');
  assert.deepEqual([...new Set([...seen, ...overtaken])].sort(), [...expected.alerts], 'each alert that still says something is on a phone');
}

for (const point of POINTS) {
  test(`killed at ${point}, started again: nothing lost, nothing doubled`, { timeout: 240_000 }, async () => {
    using folder = deskHome();
    const first = await startDesk({ home: folder.home, args, env: { BELLWETHER_CRASH_AT: point }, wait: false });
    assert.equal(await first.ended, 'SIGKILL', first.output());
    await using again = await startDesk({ home: folder.home, args });
    await tells(again, folder.home, point.startsWith('alerts.stored-before-call') || point.startsWith('alerts.accepted-before-stored'));
  });
}

test('killed three times at no point in particular, started again each time: the same story', { timeout: 240_000 }, async () => {
  using folder = deskHome();
  for (const days of [1, 3, 5]) {
    const desk = await startDesk({ home: folder.home, args });
    while (((await desk.get('/api/v1/replay')).body as { day: number; status: string }).day <= days) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(await desk.kill('SIGKILL'), 'SIGKILL');
  }
  await using again = await startDesk({ home: folder.home, args });
  await tells(again, folder.home, true);
});
