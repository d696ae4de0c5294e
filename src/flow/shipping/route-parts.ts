/** What the stage's routes share. */
import { z } from 'zod';
import type { Database } from '../../kernel/database/types.ts';
import { id } from '../../kernel/http/index.ts';
import type { Millis } from '../../model/time.ts';
import type { Audit, OnShipments, RoutePlanner } from './ports.ts';

export interface ShippingRoutesDeps {
  readonly db: Database;
  readonly planner: RoutePlanner;
  readonly audit: Audit;
  readonly onShipments: OnShipments;
  /** The desk's now: the scenario's time in a replay. */
  readonly now: () => Millis | Promise<Millis>;
}

/** The id of a page's last row. */
export const CURSOR = z.tuple([id()]).transform(([last]) => last);
export const listOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next_cursor: z.string().nullable() });
