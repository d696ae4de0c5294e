/** A process that owns an embedded Postgres, for tests that kill it. Usage: node embedded-owner.ts FOLDER [stay|stop]. Says what happened in one line of JSON. */
import { startEmbedded } from '../../src/kernel/database/index.ts';
import { isCodedError } from '../../src/kernel/errors/index.ts';

const [, , folder = '', then] = process.argv;
try {
  const postgres = await startEmbedded(folder, { durable: false });
  const { pid, url, adopted } = postgres;
  console.log(JSON.stringify({ pid, url, adopted }));
  // Without anything else to do the process ends here: the server alone must not keep it.
  if (then === 'stay') process.stdin.resume();
  if (then === 'stop') {
    await postgres.stop();
    console.log('stopped');
  }
} catch (e) {
  console.log(JSON.stringify({ error: isCodedError(e) ? e.code : String(e), fix: isCodedError(e) ? e.occurrence.fix : null }));
}
