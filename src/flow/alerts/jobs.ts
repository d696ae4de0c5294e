/** The stage's durable jobs: their names and payloads. Who does the work is said in `index.ts`. */
import { z } from 'zod';
import type { JobDefinition } from '../../kernel/jobs/types.ts';

/** Moves one delivery of an alert on by one step; enqueued again for a later time where it must wait. `as_of` is desk time, for the record. */
export const sendAlert: JobDefinition<{ alert_id: string; delivery: number; as_of: string }> = Object.freeze({
  name: 'alerts.send',
  payload: z.object({ alert_id: z.string().min(1), delivery: z.int().min(0).default(0), as_of: z.iso.datetime() }),
});

/** Lets go what quiet hours held until `as_of`. Enqueued whenever desk time moves. */
export const sweepAlerts: JobDefinition<{ as_of: string }> = Object.freeze({
  name: 'alerts.sweep',
  serialQueue: 'alerts.sweep',
  payload: z.object({ as_of: z.iso.datetime() }),
});

/** Every minute: looks at alerts that nobody has read in time, and tries the next contact. */
export const watchAlerts: JobDefinition<Record<string, never>> = Object.freeze({
  name: 'alerts.watch',
  payload: z.strictObject({}),
  serialQueue: 'alerts.watch',
  maxAttempts: 1,
});

/** Every minute: deliveries whose job was lost get another. */
export const recoverAlerts: JobDefinition<Record<string, never>> = Object.freeze({
  name: 'alerts.recover',
  payload: z.strictObject({}),
  maxAttempts: 1,
});
