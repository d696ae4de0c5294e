/**
 * Named points at which a test can kill the process, in real code (as dbos and trigger.dev do).
 * Without `BELLWETHER_CRASH_AT` a call costs one comparison.
 */
const [wantedName, wantedPass] = (process.env['BELLWETHER_CRASH_AT'] ?? '').split('#');
let passesLeft = Number(wantedPass ?? '1');

/**
 * Kills this process with SIGKILL when `BELLWETHER_CRASH_AT` names this point: `alerts.accepted-before-stored`, or `name#3` for its third pass.
 * @param name `stage.between-what-and-what`; listed in `test/faults`
 */
export function crashPoint(name: string): void {
  if (name !== wantedName) return;
  passesLeft -= 1;
  if (passesLeft <= 0) process.kill(process.pid, 'SIGKILL');
}
