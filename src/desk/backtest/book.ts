/** The book of a backtest: which shipments met which passages, and from when something could be done. Pure. */
import type { RoutePlanner, SeaRoute, Shipment } from '../../flow/shipping/index.ts';
import { passageTime } from '../../flow/shipping/index.ts';
import type { ChokepointId } from '../../model/place.ts';
import { DAY_MS, type Millis } from '../../model/time.ts';
import { isClosed, metAt, type Met, type PassageRecord } from './outcome.ts';

export interface ExposedPassage {
  readonly chokepoint: ChokepointId;
  readonly passesAt: Millis;
  readonly record: PassageRecord;
  /** The way with this passage closed; null: there is none by sea. */
  readonly avoiding: SeaRoute | null;
}

/**
 * A shipment and the passages that one way round avoids together (Bab el-Mandeb and Suez between Asia and Europe): met closed, they cost
 * once, and one detour spares both.
 */
export interface Exposure {
  readonly shipment: Shipment;
  readonly usual: SeaRoute;
  /** In the order in which the ship comes to them; never empty. */
  readonly passages: readonly ExposedPassage[];
  /** The first look at which the desk knew of the shipment: booking, or the first day played. */
  readonly bookedAt: Millis;
}

export interface Book {
  readonly shipments: number;
  readonly exposures: readonly Exposure[];
  /** Not in the book, by reason. */
  readonly left: { readonly before_first_look: number; readonly after_last_look: number; readonly not_recorded: number };
}

export interface BookDeps {
  readonly planner: RoutePlanner;
  readonly records: ReadonlyMap<ChokepointId, PassageRecord>;
  readonly firstLook: Millis;
  readonly lastLook: Millis;
}

/** @param shipments with the moment from which the desk knew of each */
export function bookOf(shipments: readonly (Shipment & { readonly knownAt: Millis })[], deps: BookDeps): Book {
  const left = { before_first_look: 0, after_last_look: 0, not_recorded: 0 };
  const exposures: Exposure[] = [];
  for (const shipment of shipments) {
    const usual = deps.planner.route(shipment.from, shipment.to, { closed: [] });
    if (!usual) continue;
    const bookedAt = deps.firstLook + Math.max(0, Math.ceil((shipment.knownAt - deps.firstLook) / DAY_MS)) * DAY_MS;
    for (const passages of together(passagesOf(shipment, usual, deps))) {
      const { passesAt } = passages[0]!;
      if (passesAt <= Math.max(deps.firstLook, bookedAt)) left.before_first_look += 1;
      else if (passesAt > deps.lastLook) left.after_last_look += 1;
      else if (passages.some((p) => p.record.level(p.passesAt) === null)) left.not_recorded += 1;
      else exposures.push({ shipment, usual, passages, bookedAt });
    }
  }
  return { shipments: shipments.length, exposures, left };
}

function passagesOf(shipment: Shipment, usual: SeaRoute, { planner, records }: BookDeps): readonly ExposedPassage[] {
  return usual.passages.flatMap(({ id }): readonly ExposedPassage[] => {
    const record = records.get(id);
    const passesAt = passageTime(shipment, usual, id);
    return record && passesAt !== null ? [{ chokepoint: id, passesAt, record, avoiding: planner.route(shipment.from, shipment.to, { closed: [id] }) }] : [];
  });
}

/** Groups what one way round avoids: each of the two detours spares the other passage too. */
function together(passages: readonly ExposedPassage[]): readonly (readonly ExposedPassage[])[] {
  const groups: ExposedPassage[][] = [];
  for (const passage of passages) {
    const group = groups.find((g) => g.every((other) => spares(passage, other) && spares(other, passage)));
    if (group) group.push(passage);
    else groups.push([passage]);
  }
  return groups;
}

const spares = (by: ExposedPassage, other: ExposedPassage): boolean => by.avoiding !== null && !by.avoiding.passages.some((p) => p.id === other.chokepoint);

/** What the shipment met had it sailed `days` later: the first of its passages that was closed. Beyond the record a passage counts as open. */
export function metBy({ passages }: Exposure, share: number, days = 0): Met {
  for (const { record, passesAt } of passages) {
    const met = metAt(record, passesAt + days * DAY_MS, share);
    if (met?.hit) return met;
  }
  return { hit: false, closedDays: 0, censored: false };
}

/** Whether one of the passages was closed on the day of the choice already. */
export const closedAlready = ({ passages }: Exposure, at: Millis, share: number): boolean => passages.some((p) => isClosed(p.record, at, share) === true);
