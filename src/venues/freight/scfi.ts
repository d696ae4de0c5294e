/**
 * Container freight from the Shanghai Shipping Exchange's current index, as a source of observations.
 * Lives here: the one request and its reading. Not here: subscribed indices from files (csv-import.ts).
 */
import { z } from 'zod';
import { freightSeries, type Observation, type ObservationSource } from '../../flow/reality/ports.ts';
import type { Outbound } from '../../kernel/outbound/types.ts';
import { startOfDay, type IsoDay } from '../../model/time.ts';
import { LANE, scfiLane } from './lanes.ts';

export interface FreightIndexOptions {
  readonly outbound: Outbound;
  /** `https://en.sse.net.cn` or a twin's address. */
  readonly url: string;
  readonly kind: 'real' | 'twin';
  /** For the request, all tries together. Default 10,000. */
  readonly deadlineMs?: number;
}

export const SCFI_PATH = '/currentIndex';
const NAME = 'scfi';
const SCFI_PAGE = 'https://en.sse.net.cn/indices/scfinew.jsp';

const figure = z.union([z.number(), z.string().transform((text) => (text.trim() === '' ? null : Number(text.replaceAll(',', '')))), z.null()]);
/** The lane's name and unit; `unit`, `source` and `url` are what a twin adds so that figures of another index keep their own name. */
const properties = z.object({ lineName_EN: z.string().nullish(), unit_EN: z.string().nullish(), unit: z.string().nullish(), source: z.string().nullish(), url: z.string().nullish() });
const line = z.object({ dataItemTypeName: z.string(), currentContent: figure.nullish(), lastContent: figure.nullish(), properties: properties.nullish() });
const day = z.string().transform((text, context): IsoDay => {
  try {
    return (startOfDay(text.slice(0, 10)), text.slice(0, 10));
  } catch {
    context.addIssue({ code: 'custom', message: `not a day: ${text}` });
    return z.NEVER;
  }
});
const dayOrNone = z.union([z.literal('').transform(() => null), z.null(), day]);
const reply = z.object({ data: z.object({ currentDate: dayOrNone, lastDate: dayOrNone.nullish(), lineDataList: z.array(line) }) }).transform((r) => r.data);

/**
 * `fetch` gives this week's and last week's rate of each lane, with `knownAt = asOf`: the index does not say when a figure was published.
 * Rates a TEU, by the unit in the reply or else by the lane's usual one, are doubled to USD/FEU. A day after `asOf` is left out.
 */
export function createFreightIndex(options: FreightIndexOptions): ObservationSource {
  return {
    name: NAME,
    kind: options.kind,
    async fetch(asOf, since, signal) {
      signal.throwIfAborted();
      const data = await options.outbound.json(
        { provider: 'freight', operation: 'scfi.current-index', idempotent: true, ...(options.deadlineMs === undefined ? {} : { deadlineMs: options.deadlineMs }) },
        // The page's own script asks so; public readers of the index do the same.
        { url: `${options.url}${SCFI_PATH}?indexName=scfi`, headers: { referer: SCFI_PAGE, 'x-requested-with': 'XMLHttpRequest' } },
        (body) => reply.parse(body),
      );
      const observations = new Map<string, Observation>();
      for (const item of data.lineDataList) {
        for (const [observedFor, value] of [[data.lastDate, item.lastContent], [data.currentDate, item.currentContent]] as const) {
          if (!observedFor || startOfDay(observedFor) > asOf || (since !== null && observedFor < since)) continue;
          const observation = toObservation(item, observedFor, value ?? null, asOf);
          if (observation) observations.set(`${observation.series} ${observedFor}`, observation);
        }
      }
      return [...observations.values()].sort((a, b) => (`${a.series} ${a.observedFor}` < `${b.series} ${b.observedFor}` ? -1 : 1));
    },
  };
}

function toObservation(item: z.output<typeof line>, observedFor: IsoDay, value: number | null, knownAt: number): Observation | null {
  if (value === null || !Number.isFinite(value) || value <= 0) return null;
  const named = item.properties?.unit === 'USD/FEU' && LANE.test(item.dataItemTypeName) ? { lane: item.dataItemTypeName, perFeu: 1 } : null;
  const found = named ?? scfiLane(item.properties?.lineName_EN ?? item.dataItemTypeName, item.properties?.unit_EN);
  if (!found) return null;
  return {
    series: freightSeries(found.lane), observedFor, knownAt, value: value * found.perFeu, unit: 'USD/FEU',
    source: item.properties?.source ?? NAME, url: item.properties?.url ?? SCFI_PAGE,
  };
}
