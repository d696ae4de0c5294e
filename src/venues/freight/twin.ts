/** The Shanghai index's stand-in: a scenario's freight lanes in the form of its current index, as known at the clock. */
import { newestKnown, type FreightRow, type Scenario } from '../../scenario/index.ts';
import type { Clock, IsoDay, Millis } from '../../model/time.ts';
import { startTwin, type TwinServer } from '../twin/index.ts';
import { SCFI_PATH } from './scfi.ts';

export interface FreightTwinOptions {
  readonly scenario: Pick<Scenario, 'freight' | 'attributions'>;
  readonly clock: Clock;
  /** Default 0: any free one. */
  readonly port?: number;
}

/** @throws CodedError TWIN_NOT_STARTED */
export function startFreightTwin(options: FreightTwinOptions): Promise<TwinServer> {
  return startTwin({
    name: 'scfi',
    clock: options.clock,
    routes: [
      {
        method: 'GET',
        path: SCFI_PATH,
        handle: (request, context) =>
          request.query.get('indexName') === 'scfi'
            ? { json: { code: 0, message: 'ok', data: currentIndex(options.scenario, context.now(), (lines) => context.arrange(lines)) } }
            : { json: { code: 1, message: 'unknown index', data: null } },
      },
    ],
    ...(options.port === undefined ? {} : { port: options.port }),
  });
}

function currentIndex(scenario: FreightTwinOptions['scenario'], now: Millis, arrange: (lines: readonly object[]) => readonly object[]): object {
  const rows = newestKnown(scenario.freight, now, (r) => `${r.lane} ${r.observedFor}`);
  const [currentDate, lastDate] = [...new Set(rows.map((r) => r.observedFor))].sort().reverse();
  const at = (lane: string, day: IsoDay | undefined): FreightRow | undefined => rows.find((r) => r.lane === lane && r.observedFor === day);
  const lines = [...new Set(rows.map((r) => r.lane))].sort().flatMap((lane) => {
    const current = at(lane, currentDate);
    const last = at(lane, lastDate);
    const any = current ?? last;
    if (!any) return [];
    return [{
      dataItemTypeName: lane,
      currentContent: current?.usdPerFeu ?? null,
      lastContent: last?.usdPerFeu ?? null,
      percentage: current && last ? Number((((current.usdPerFeu - last.usdPerFeu) / last.usdPerFeu) * 100).toFixed(2)) : null,
      // The figures keep the name of the index that they are from.
      properties: { unit: 'USD/FEU', source: any.source, url: pageOf(scenario, any.source) },
    }];
  });
  return { indexName: 'scfi', currentDate: currentDate ?? '', lastDate: lastDate ?? '', lineDataList: arrange(lines) };
}

/** The attribution whose source begins with the first word of the row's source: `drewry-wci` is Drewry's. */
const pageOf = (scenario: FreightTwinOptions['scenario'], source: string): string | undefined =>
  scenario.attributions.find((a) => a.source.toLowerCase().startsWith(source.split('-')[0]!))?.url;
