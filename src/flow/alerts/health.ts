/** The health of `alerter`: does what must be told get out? */
import type { ComponentCheck, HealthStatus } from '../../kernel/health/types.ts';
import { HOUR_MS, iso, MINUTE_MS } from '../../model/time.ts';
import { activeHolds, channelScope, failureRate } from './attempts-store.ts';
import type { AlertsDeps } from './deps.ts';
import { oldestWaiting } from './store.ts';

/** Shares of tries that fail, from the desk's runbook; below this many tries a share says nothing. */
const DEGRADED_SHARE = 0.05;
const UNHEALTHY_SHARE = 0.2;
const LEAST_TRIES = 5;
const DEGRADED_AGE_MS = 2 * MINUTE_MS;
const UNHEALTHY_AGE_MS = 10 * MINUTE_MS;

export const alerterCheck = (deps: Pick<AlertsDeps, 'db' | 'clock' | 'channel'>): ComponentCheck => ({
  name: 'alerter',
  critical: false,
  async check() {
    const { channel } = deps;
    if (!channel) return { status: 'disabled', message: 'No message channel is set up: alerts are stored as suppressed' };
    const now = deps.clock.now();
    const [hold] = await activeHolds(deps.db, [channelScope(channel.name)], now);
    if (hold) return { status: 'unhealthy', message: `${channel.name} is held until ${iso(hold.until)}: ${hold.code}: ${hold.message}` };
    const oldest = await oldestWaiting(deps.db);
    const age = oldest === null ? 0 : now - oldest;
    const { tries, failed } = await failureRate(deps.db, channel.name, now - HOUR_MS);
    const share = tries >= LEAST_TRIES ? failed / tries : 0;
    const status: HealthStatus =
      age > UNHEALTHY_AGE_MS || share > UNHEALTHY_SHARE ? 'unhealthy' : age > DEGRADED_AGE_MS || share > DEGRADED_SHARE ? 'degraded' : 'healthy';
    return status === 'healthy' ? { status } : { status, message: `The oldest alert waits ${Math.round(age / 1_000)} s; ${failed} of ${tries} tries failed in the last hour (see /admin/alerts/queue)` };
  },
});
