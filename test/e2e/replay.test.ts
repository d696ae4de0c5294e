/** The main job, whole: recorded history goes in at the venues, a costed decision comes out, and an alert reaches a phone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EXIT, runCommandLine } from '../../src/cli/command.ts';
import { replayCommand } from '../../src/cli/replay-command.ts';
import { deskHome, startDesk } from '../support/desk.ts';
import { messagesOnPhones } from '../support/phone.ts';
import { shortScenario } from '../support/short-scenario.ts';
import { all, played } from '../support/story.ts';

test('the strikes of Hormuz 2026 become decisions in dollars with a deadline, and alerts that are read', { timeout: 180_000 }, async () => {
  using folder = deskHome();
  using scenario = shortScenario('hormuz-2026', '2026-02-18', '2026-03-20');
  await using desk = await startDesk({ home: folder.home, args: ['--scenario', scenario.path, '--seconds-per-day', '0'] });
  await played(desk);

  const signals = await all(desk, '/api/v1/signals?status=all');
  assert.ok(signals.some((s) => s['claim'] === 'US strikes Iran by June 30, 2026?' && s['probability'] === 0.525), 'the price that was recorded is a signal');
  assert.ok(signals.some((s) => s['status'] === 'rejected' && typeof s['rejected_by'] === 'string'), 'what was rejected is kept, with the rule');

  const decisions = await all(desk, '/api/v1/decisions?status=all');
  const february = decisions.filter((d) => String(d['as_of']) < '2026-02-28');
  const gulf = february.filter((d) => d['chokepoint'] === 'hormuz' && typeof d['break_even'] === 'number' && String(d['deadline']) < '2026-03-01');
  assert.ok(gulf.length > 0, 'a shipment for the Gulf has a break-even and a deadline before the strikes are known');
  for (const d of february) assert.ok(Number(d['probability']) < Number(d['break_even']) === (d['action'] === 'proceed'), 'the advice follows p against break-even');
  const divert = decisions.find((d) => d['action'] === 'divert');
  assert.ok(divert && String(divert['as_of']) >= '2026-03-10', 'no advice before the empty strait was published');
  const wait = decisions.find((d) => d['action'] === 'wait');
  assert.ok(wait && String(wait['as_of']).startsWith('2026-03-10') && Number(wait['saving_usd']) > 0, 'with counts but no market on a reopening, news is worth waiting for');
  assert.ok(Number(divert['saving_usd']) > 0 && Number(divert['probability']) > Number(divert['break_even']));

  const { status, body } = await desk.get(`/api/v1/decisions/${String(divert['id'])}`);
  assert.equal(status, 200);
  const whole = body as { answers: Record<string, string>; options: { action: string; expected_cost_usd: string; feasible: boolean }[]; inputs: { hash: string }[] };
  assert.deepEqual(Object.keys(whole.answers).sort(), ['how_bad', 'how_sure', 'if_nothing', 'what', 'what_to_do', 'when', 'why']);
  const open = whole.options.filter((o) => o.feasible && o.action !== 'wait').map((o) => Number(o.expected_cost_usd));
  assert.equal(Number(divert['expected_cost_usd']), Math.min(...open), 'the advised option is the cheapest that is open');
  assert.ok(whole.inputs.length > 0 && whole.inputs.every((i) => /^[0-9a-f]{64}$/.test(i.hash)));

  const alerts = await all(desk, '/api/v1/alerts');
  assert.ok(alerts.length > 0);
  for (const alert of alerts) {
    assert.equal(alert['status'], 'read', JSON.stringify(alert));
    assert.match(String(alert['recipient']), /•/, 'a phone number is never shown whole');
  }
  const phone = messagesOnPhones(folder.home);
  assert.equal(phone.length, alerts.length, 'each alert is on a phone, once');
  assert.equal(new Set(phone).size, alerts.length);

  const passages = (await desk.get('/api/v1/chokepoints')).body as { items: { id: string; status: string; alarm: { alarmed_for: string } | null }[] };
  assert.equal(passages.items.find((c) => c.id === 'hormuz')?.alarm?.alarmed_for, '2026-03-02');
});

test('the command that plays a scenario tells its decisions and alerts', { timeout: 120_000 }, async () => {
  using scenario = shortScenario('hormuz-2026', '2026-02-26', '2026-03-04');
  let out = '';
  const terminal = { interactive: false, errIsTerminal: false, columns: 120, out: (text: string) => void (out += text), err: () => undefined };
  const code = await runCommandLine([replayCommand], ['replay', scenario.path, '--json'], terminal, {}, new AbortController().signal);
  const told = JSON.parse(out) as { decisions: object[]; alerts: { status: string }[] };
  assert.equal(code, EXIT.ok);
  assert.ok(told.decisions.length > 0);
  assert.deepEqual(told.alerts.filter((alert) => !['delivered', 'read', 'suppressed'].includes(alert.status)), []);
});
