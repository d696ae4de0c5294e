/** Once a day: what has expired is removed (sessions, seen signatures, stored replies, ships that are long gone, sweeps of last season). */
import { z } from 'zod';
import { forgetOldVessels } from '../flow/reality/index.ts';
import type { Auth } from '../kernel/auth/index.ts';
import type { Database } from '../kernel/database/index.ts';
import { purgeIdempotency } from '../kernel/http/index.ts';
import type { JobDefinition, JobQueue } from '../kernel/jobs/types.ts';
import { purgeSweeps } from '../kernel/sweeps/index.ts';
import type { Clock } from '../model/time.ts';

const purgeExpired: JobDefinition<Record<string, never>> = { name: 'kernel.purge', payload: z.strictObject({}), serialQueue: 'kernel.purge' };

export function scheduleHousekeeping(queue: JobQueue, db: Database, auth: Auth, clock: Clock): void {
  queue.handle(purgeExpired, async (_payload, { logger }) => {
    const removed = (await auth.purge()) + Number(await purgeIdempotency(db, clock)) + (await db.transaction(async (tx) => (await forgetOldVessels(tx, clock.now())) + (await purgeSweeps(tx, clock.now()))));
    logger.info('expired_rows_removed', { removed });
  });
  // In the quiet of the night almost everywhere that ships are watched from, and off the full hour.
  queue.schedule('17 3 * * *', purgeExpired);
}
