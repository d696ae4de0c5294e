/** aisstream's frames: what the service sends, and the reports that they become. Not here: the connection (aisstream.ts). */
import { z } from 'zod';
import type { VesselReport } from '../../flow/reality/ports.ts';
import type { Millis } from '../../model/time.ts';
import { monthDayTime } from './nmea/values.ts';

/** The kinds that tell of a vessel; the subscription asks for these alone. */
export const AISSTREAM_KINDS = ['PositionReport', 'StandardClassBPositionReport', 'ExtendedClassBPositionReport', 'LongRangeAisBroadcastMessage', 'ShipStaticData', 'StaticDataReport'] as const;
export type AisStreamKind = (typeof AISSTREAM_KINDS)[number];

const who = { UserID: z.int().min(0) };
const moving = { ...who, Latitude: z.number(), Longitude: z.number(), Sog: z.number(), Cog: z.number() };

const bodies = {
  PositionReport: z.object({ ...moving, TrueHeading: z.number(), NavigationalStatus: z.int() }),
  StandardClassBPositionReport: z.object({ ...moving, TrueHeading: z.number() }),
  ExtendedClassBPositionReport: z.object({ ...moving, TrueHeading: z.number(), Name: z.string().nullish(), Type: z.int().nullish() }),
  LongRangeAisBroadcastMessage: z.object({ ...moving, NavigationalStatus: z.int() }),
  ShipStaticData: z.object({
    ...who,
    Name: z.string(),
    Type: z.int(),
    Destination: z.string(),
    MaximumStaticDraught: z.number(),
    Eta: z.object({ Month: z.int(), Day: z.int(), Hour: z.int(), Minute: z.int() }).nullish(),
  }),
  StaticDataReport: z.object({
    ...who,
    ReportA: z.object({ Valid: z.boolean(), Name: z.string() }).nullish(),
    ReportB: z.object({ Valid: z.boolean(), ShipType: z.int() }).nullish(),
  }),
} as const;

const envelope = z.object({ MessageType: z.enum(AISSTREAM_KINDS), MetaData: z.object({ time_utc: z.string().optional() }), Message: z.record(z.string(), z.unknown()) });

/** `2026-02-20 18:22:32.318353 +0000 UTC`: Go's way to write a time. Null for another form, and for Go's zero time, the year 1: none was set. */
export function readGoTime(text: string): Millis | null {
  const m = /^([1-9]\d{3}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(\.\d+)? \+0000 UTC$/.exec(text);
  const ms = m ? Date.parse(`${m[1]}T${m[2]}${(m[3] ?? '').slice(0, 4)}Z`) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}

export type AisStreamFrame = { readonly kind: 'report'; readonly report: VesselReport } | { readonly kind: 'refusal'; readonly words: string };

const refusal = z.object({ error: z.string() });

/**
 * One frame, or null when it is of no known form.
 * @param receivedAt stands in for the time that the frame does not tell
 */
export function readFrame(raw: unknown, receivedAt: Millis): AisStreamFrame | null {
  const refused = refusal.safeParse(raw);
  if (refused.success) return { kind: 'refusal', words: refused.data.error };
  const parsed = envelope.safeParse(raw);
  if (!parsed.success) return null;
  const { MessageType, MetaData, Message } = parsed.data;
  const body = bodies[MessageType].safeParse(Message[MessageType]);
  if (!body.success) return null;
  const at = (MetaData.time_utc === undefined ? null : readGoTime(MetaData.time_utc)) ?? receivedAt;
  return { kind: 'report', report: { ...nothingSaid(body.data.UserID, at), ...said[MessageType](body.data as never) } };
}

const nothingSaid = (mmsi: number, at: Millis): VesselReport => ({
  mmsi, at, latitude: null, longitude: null, speedKnots: null, courseDegrees: null, headingDegrees: null, navigationStatus: null, destination: null, shipType: null, name: null, draughtM: null, eta: null, source: 'aisstream',
});

type Body<K extends AisStreamKind> = z.output<(typeof bodies)[K]>;

/** Without the padding at the end. Not `/[@\s]+$/`: its time grows with the square of the padding in the middle. */
function text(value: string): string | null {
  let end = value.length;
  while (end > 0 && (value[end - 1] === '@' || value[end - 1]!.trim() === '')) end -= 1;
  return value.slice(0, end) || null;
}
/** The marks for "not available" are those of the standard, in units: 181, 91, 102.3, 360, 511, 15, 0. */
const where = (b: { Latitude: number; Longitude: number }): Partial<VesselReport> => ({ latitude: Math.abs(b.Latitude) > 90 ? null : b.Latitude, longitude: Math.abs(b.Longitude) > 180 ? null : b.Longitude });
const motion = (b: { Sog: number; Cog: number }): Partial<VesselReport> => ({ speedKnots: b.Sog > 102.25 ? null : b.Sog, courseDegrees: b.Cog >= 360 ? null : b.Cog });
const bow = (b: { TrueHeading: number }): Partial<VesselReport> => ({ headingDegrees: b.TrueHeading >= 360 ? null : b.TrueHeading });
const status = (b: { NavigationalStatus: number }): Partial<VesselReport> => ({ navigationStatus: b.NavigationalStatus === 15 ? null : b.NavigationalStatus });

const said: { readonly [K in AisStreamKind]: (body: Body<K>) => Partial<VesselReport> } = {
  PositionReport: (b) => ({ ...where(b), ...motion(b), ...bow(b), ...status(b) }),
  StandardClassBPositionReport: (b) => ({ ...where(b), ...motion(b), ...bow(b) }),
  ExtendedClassBPositionReport: (b) => ({ ...where(b), ...motion(b), ...bow(b), name: text(b.Name ?? ''), shipType: b.Type || null }),
  // In whole knots and degrees: 63 and 511 are the marks.
  LongRangeAisBroadcastMessage: (b) => ({ ...where(b), speedKnots: b.Sog >= 63 ? null : b.Sog, courseDegrees: b.Cog >= 360 ? null : b.Cog, ...status(b) }),
  ShipStaticData: (b) => ({
    name: text(b.Name),
    shipType: b.Type || null,
    destination: text(b.Destination),
    draughtM: b.MaximumStaticDraught || null,
    eta: b.Eta ? monthDayTime(b.Eta.Month, b.Eta.Day, b.Eta.Hour, b.Eta.Minute) : null,
  }),
  StaticDataReport: (b) => ({ name: b.ReportA?.Valid ? text(b.ReportA.Name) : null, shipType: b.ReportB?.Valid ? b.ReportB.ShipType || null : null }),
};
