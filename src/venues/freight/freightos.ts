/**
 * Freightos' public calculator as a source of observations: the middle and both ends of its estimate for a 40-foot container on the lanes that decisions use.
 * Lives here: one request a lane and a day, and its reading. The names of parameters and members are from memory and public examples; see docs/sources.md.
 */
import { z } from 'zod';
import { freightSeries, type Observation, type ObservationSource } from '../../flow/reality/ports.ts';
import { VenueFault, type HttpRequest, type Outbound, type TextReply } from '../../kernel/outbound/index.ts';
import { dayOf, type IsoDay, type Millis } from '../../model/time.ts';
import { ESTIMATED_LANES, type QuotedLane } from './quoted-lanes.ts';

export interface FreightosOptions {
  readonly outbound: Outbound;
  /** `https://ship.freightos.com` or a twin's address. */
  readonly url: string;
  readonly kind: 'real' | 'twin';
  /** Default {@link ESTIMATED_LANES}. */
  readonly lanes?: readonly QuotedLane[];
  /** For one request, all tries together. Default 15,000. */
  readonly deadlineMs?: number;
}

export const FREIGHTOS_PATH = '/api/shippingCalculator';
const PAGE = 'https://ship.freightos.com/';
/** The calculator wants a load: a full 40-foot box of general goods. */
const LOAD = Object.freeze({ loadtype: 'container40', quantity: '1', weight: '15000', format: 'json' });
const RATE_MAX = 1_000_000;

const amount = z.union([z.number(), z.string().transform(Number)]).pipe(z.number());
const money = z.object({ moneyAmount: z.object({ amount, currency: z.string() }) });
const mode = z.object({ mode: z.string(), price: z.object({ min: money, max: money }) });
/** JSON made of XML: one is an object, several a list, none is left out. */
const several = <S extends z.ZodType>(one: S) => z.union([z.array(one), one.transform((o) => [o])]).nullish().transform((list) => list ?? []);
const estimate = z.object({
  response: z.object({ estimatedFreightRates: z.union([z.object({ mode: several(mode) }).transform((r) => r.mode), z.array(mode)]).nullish().transform((list) => list ?? []) }),
});

/** Both ends in USD a FEU, or null where there is no offer by sea. */
interface Range {
  readonly low: number;
  readonly high: number;
}

/**
 * A lane is asked once a day, and what it said stands for that day: `<lane>` is the middle, `<lane>_low` and `<lane>_high` the ends, known from the fetch on.
 * A lane that fails is asked again at the next fetch; what the others said counts. Only when every lane asked fails does the fetch fail.
 */
export function createFreightosEstimates({ outbound, url, kind, lanes = ESTIMATED_LANES, deadlineMs = 15_000 }: FreightosOptions): ObservationSource {
  const told = new Map<QuotedLane, { readonly day: IsoDay; readonly observations: readonly Observation[] }>();
  const ask = (lane: QuotedLane): Promise<Range | null> =>
    outbound.text(
      { provider: 'freight', peer: 'freightos', operation: 'freightos.estimate', idempotent: true, deadlineMs },
      { url: `${url}${FREIGHTOS_PATH}?${new URLSearchParams({ ...LOAD, origin: lane.from[0]!, destination: lane.to[0]! })}`, headers: { accept: 'application/json' }, fault },
      (reply) => rangeOf(estimate.parse(readReply(reply)).response.estimatedFreightRates),
    );
  return {
    name: 'freightos',
    kind,
    async fetch(asOf, since, signal) {
      const day = dayOf(asOf);
      let failure: unknown = null;
      let answered = 0;
      for (const lane of lanes) {
        signal.throwIfAborted();
        if (told.get(lane)?.day === day) {
          answered += 1;
          continue;
        }
        try {
          told.set(lane, { day, observations: observationsOf(lane, await ask(lane), day, asOf) });
          answered += 1;
        } catch (error) {
          // The outbound has logged it.
          failure ??= error;
        }
      }
      if (failure !== null && answered === 0) throw failure;
      return lanes.flatMap((lane) => told.get(lane)?.observations ?? []).filter((o) => o.observedFor === day && o.knownAt <= asOf && (since === null || o.observedFor >= since));
    },
  };
}

/** The widest range over all offers by sea in dollars; what is no rate makes none. */
function rangeOf(modes: readonly z.output<typeof mode>[]): Range | null {
  const sea = modes.filter((m) => /^(fcl|ocean|sea)/i.test(m.mode) && [m.price.min, m.price.max].every((p) => p.moneyAmount.currency === 'USD'));
  const ends = sea.flatMap((m) => [m.price.min.moneyAmount.amount, m.price.max.moneyAmount.amount]).filter((a) => a > 0 && a <= RATE_MAX);
  return ends.length === 0 ? null : { low: Math.min(...ends), high: Math.max(...ends) };
}

function observationsOf({ lane }: QuotedLane, range: Range | null, observedFor: IsoDay, knownAt: Millis): readonly Observation[] {
  if (range === null) return [];
  const of = (series: string, value: number): Observation => ({ series: freightSeries(series), observedFor, knownAt, value, unit: 'USD/FEU', source: 'freightos', url: PAGE });
  return [of(lane, Math.round((range.low + range.high) * 50) / 100), of(`${lane}_low`, range.low), of(`${lane}_high`, range.high)];
}

/** It has been seen to refuse in HTML and in XML. */
function readReply(reply: TextReply): unknown {
  try {
    return JSON.parse(reply.text());
  } catch (cause) {
    throw new VenueFault('the reply is not JSON', { status: reply.status, venueCode: 'MALFORMED_JSON', retryable: true, cause });
  }
}

const fault: NonNullable<HttpRequest['fault']> = (status) => (status === 429 ? { venueCode: 'LIMITED', retryable: false } : undefined);
