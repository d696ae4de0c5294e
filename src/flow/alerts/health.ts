/** The health of `alerter`: does what must be told get out, and does every alert come to an end? */
import type { ComponentCheck, HealthStatus } from '../../kernel/health/types.ts';
import { HOUR_MS, iso, MINUTE_MS } from '../../model/time.ts';
import { activeHolds, channelScope, failureRate } from './attempts-store.ts';
import { oldestWaiting } from './deliveries-store.ts';
import { channelOf, type AlertsDeps } from './deps.ts';
import { alertsPastTheirTime } from './store.ts';

/** Shares of tries that fail, from the desk's runbook; below this many tries a share says nothing. */
const DEGRADED_SHARE = 0.05;
const UNHEALTHY_SHARE = 0.2;
const LEAST_TRIES = 5;
const DEGRADED_AGE_MS = 2 * MINUTE_MS;
const UNHEALTHY_AGE_MS = 10 * MINUTE_MS;

interface Finding {
  readonly status: HealthStatus;
  readonly message: string;
}

type HealthDeps = Pick<AlertsDeps, 'db' | 'clock' | 'channels' | 'operators' | 'settings'>;

export const alerterCheck = (deps: HealthDeps): ComponentCheck => ({
  name: 'alerter',
  critical: false,
  async check() {
    if (deps.channels.length === 0) return { status: 'disabled', message: 'No message channel is set up: alerts are stored as suppressed' };
    const found = [...(await holds(deps)), ...(await rates(deps)), ...(await unfinished(deps)), ...operators(deps)];
    if (found.length === 0) return { status: 'healthy' };
    return { status: found.some((f) => f.status === 'unhealthy') ? 'unhealthy' : 'degraded', message: found.map((f) => f.message).join('; ') };
  },
});

/** A channel that stands still is bad; where all stand still, nobody is told anything. */
async function holds({ db, clock, channels }: HealthDeps): Promise<readonly Finding[]> {
  const held = await activeHolds(db, channels.map((c) => channelScope(c.name)), clock.now());
  const status = held.length === channels.length ? 'unhealthy' : 'degraded';
  return held.map((hold) => ({ status, message: `${hold.scope.slice(channelScope('').length)} is held until ${iso(hold.until)}: ${hold.code}: ${hold.message}` }));
}

async function rates({ db, clock, channels }: HealthDeps): Promise<readonly Finding[]> {
  const now = clock.now();
  const oldest = await oldestWaiting(db);
  const age = oldest === null ? 0 : now - oldest;
  const found: Finding[] = [];
  if (age > DEGRADED_AGE_MS) found.push({ status: age > UNHEALTHY_AGE_MS ? 'unhealthy' : 'degraded', message: `The oldest alert waits ${Math.round(age / 1_000)} s (see /admin/alerts/queue)` });
  for (const { name } of channels) {
    const { tries, failed } = await failureRate(db, name, now - HOUR_MS);
    const share = tries >= LEAST_TRIES ? failed / tries : 0;
    if (share > DEGRADED_SHARE) found.push({ status: share > UNHEALTHY_SHARE ? 'unhealthy' : 'degraded', message: `${failed} of ${tries} tries by ${name} failed in the last hour (see /admin/alerts/queue)` });
  }
  return found;
}

/** The proof that nothing is silent: an alert past its time that is in no final state is a fault of ours. */
async function unfinished({ db, clock, settings }: HealthDeps): Promise<readonly Finding[]> {
  const late = await alertsPastTheirTime(db, clock.now(), settings.watchGraceMs);
  const first = late[0];
  return first ? [{ status: 'unhealthy', message: `${late.length}${late.length === 100 ? ' or more' : ''} alerts are past their time and neither told nor failed, ${first.id} among them (past_their_time in /admin/alerts/queue)` }] : [];
}

function operators(deps: HealthDeps): readonly Finding[] {
  const { operators: contact } = deps;
  return contact && !channelOf(deps, contact.channel) ? [{ status: 'degraded', message: `OPERATOR_ALERTS names ${contact.channel}, and that channel is not set up` }] : [];
}
