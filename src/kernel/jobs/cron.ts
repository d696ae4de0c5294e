/** Five cron fields in UTC: minute, hour, day of month, month, day of week. */
import { parseCronItem } from 'graphile-worker';
import { DAY_MS, MINUTE_MS, type Millis } from '../../model/time.ts';
import { errors } from './errors.ts';

/** Far enough for the 29th of February. */
const HORIZON_MS = 8 * 366 * DAY_MS;

/** @returns the first minute strictly after `after` that matches @throws CodedError JOB_SCHEDULE_INVALID */
export function nextRun(cron: string, after: Millis): Millis {
  const { match } = parse(cron);
  const end = after + HORIZON_MS;
  for (let at = Math.floor(after / MINUTE_MS) * MINUTE_MS + MINUTE_MS; at < end; at += MINUTE_MS) {
    const t = new Date(at);
    if (match({ min: t.getUTCMinutes(), hour: t.getUTCHours(), date: t.getUTCDate(), month: t.getUTCMonth() + 1, dow: t.getUTCDay() })) return at;
  }
  throw errors.JOB_SCHEDULE_INVALID({ detail: `${JSON.stringify(cron)} never comes`, fix: 'Use a day that the month has' });
}

function parse(cron: string): ReturnType<typeof parseCronItem> {
  try {
    return parseCronItem({ task: 'schedule', match: cron });
  } catch (cause) {
    throw errors.JOB_SCHEDULE_INVALID({ detail: `${JSON.stringify(cron)} is not a schedule`, fix: 'Five fields in UTC, as in "*/15 * * * *"', cause });
  }
}
