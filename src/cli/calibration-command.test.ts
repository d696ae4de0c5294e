import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '../../test/support/database.ts';
import { testHttp } from '../../test/support/http.ts';
import { recordRoutes, type CalibrationView } from '../flow/record/index.ts';
import { recordDesk } from '../flow/record/test-support/desk.ts';
import { statement } from '../flow/signals/test-support/statement.ts';
import { DAY_MS, parseInstant } from '../model/time.ts';
import { calibrationCommand } from './calibration-command.ts';
import { EXIT, runCommandLine } from './command.ts';

const NOW = parseInstant('2026-02-10T00:00:00Z');

async function run(token: string | null, ...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' };
  const terminal = { interactive: false, errIsTerminal: false, columns: 120, out: (text: string) => void (said.out += text), err: (text: string) => void (said.err += text) };
  const code = await runCommandLine([calibrationCommand], ['calibration', ...args], terminal, token === null ? {} : { BELLWETHER_TOKEN: token }, AbortSignal.timeout(60_000));
  return { code, ...said };
}

test('the command tells the record of a running desk, to people and to machines, and says what to do when it cannot', async () => {
  await using db = await freshDatabase();
  const desk = recordDesk(db);
  await desk.hear(NOW, statement({ observedAt: NOW, probability: 0.5 }));
  await desk.hear(NOW + DAY_MS, statement({ observedAt: NOW + DAY_MS, probability: 1, closed: true }));
  await desk.score(NOW + DAY_MS);
  await using http = await testHttp({ db, auth: { byToken: async (token) => ({ subject: `user:${token}`, role: 'viewer', scopes: [] }), bySignature: async () => assert.fail('no signature here') } });
  recordRoutes({ db, record: desk.record, now: () => NOW + DAY_MS, cached: (_key, load) => load() })(http.app);
  const url = await http.start();

  const told = await run('good', '--url', `${url}/`);
  assert.equal(told.code, EXIT.ok, told.err);
  assert.match(told.out, /^As of 2026-02-11T00:00:00.000Z. In use: the pool \(declared-1\)\./);
  assert.match(told.out, /market +1 +1 +0\.2500 +one event: unknown/);
  assert.match(told.out, /No decision has an outcome yet/);
  const view = JSON.parse((await run('good', '--url', url, '--json')).out) as CalibrationView;
  assert.deepEqual(view.forecasters.map((f) => f.brier), [0.25, 0.25, 0.25]);

  const refused = await run(null, '--url', url);
  assert.deepEqual([refused.code, /DESK_REFUSED.*\n.*BELLWETHER_TOKEN/s.test(refused.err)], [EXIT.failed, true], refused.err);
  const nobody = await run(null, '--url', 'http://127.0.0.1:9');
  assert.deepEqual([nobody.code, /npm start/.test(nobody.err)], [EXIT.failed, true]);
});
