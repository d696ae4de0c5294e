/** The stage's HTTP face. */
import type { Database } from '../../kernel/database/types.ts';
import { readAccess, type HttpApp } from '../../kernel/http/index.ts';
import { MINUTE_MS, type Millis } from '../../model/time.ts';
import type { RecordService } from './service.ts';
import { CALIBRATION, calibrationView, type CalibrationView } from './views.ts';

export interface RecordRoutesDeps {
  readonly db: Database;
  readonly record: RecordService;
  /** The desk's now: the scenario's time in a replay. */
  readonly now: () => Millis | Promise<Millis>;
  /** Two thousand draws for each interval: kept for a moment. */
  readonly cached: (key: string, load: () => Promise<CalibrationView>) => Promise<CalibrationView>;
}

export const recordRoutes =
  ({ db, record, now, cached }: RecordRoutesDeps) =>
  (app: HttpApp): void => {
    app.get('/api/v1/calibration', { config: { access: readAccess }, schema: { response: { 200: CALIBRATION } } }, async () => {
      const asOf = await now();
      return cached(`calibration:${Math.floor(asOf / MINUTE_MS)}`, async () => calibrationView(await record.report(db, asOf)));
    });
  };
