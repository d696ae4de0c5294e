// What a mark on the map says in words: the same for the card, for a screen reader and for the list. Figures with unit and time.
import type { Chokepoint, SeaRoute } from '../api/types.ts';
import { money } from '../format/money.ts';
import { change, count, decimal, percent, plural } from '../format/number.ts';
import { day, instant, instantShort, span, timeLeft, millis } from '../format/time.ts';
import { passagesAhead, type Voyage } from './voyage.ts';

/** Lines of a card, the most telling first. */
export function passageFacts({ transits, probability, alarm, exposed_shipments, as_of }: Chokepoint): readonly string[] {
  return [
    transits ? `${Math.round(transits.value)} ${transits.unit} on ${day(transits.observed_for)}, ${change(transits.ratio)} against the usual ${Math.round(transits.baseline_mean)}` : 'No ship counts yet',
    ...(probability ? [`Market odds ${percent(probability.value)} by ${day(probability.horizon_end)}`] : ['No market prices it']),
    ...(alarm ? [`Alarm: traffic ${alarm.direction}, known ${day(alarm.known_at)}`] : []),
    `${plural(exposed_shipments, 'shipment')} exposed`,
    `As of ${instant(as_of)}`,
  ];
}

export const placeOf = ({ phase, shipment, sailed }: Voyage, distanceNm: number): string =>
  phase === 'ahead' ? `In ${shipment.from_name}, leaves ${day(shipment.etd)}` : `${percent(sailed)} of the way by schedule, ${count(sailed * distanceNm)} of ${count(distanceNm)} nm`;

/** The next passage before the ship and how long until it gets there, by its schedule. */
export function nextPassage(voyage: Voyage, route: SeaRoute | undefined, now: number, nameOf: (id: string) => string): string | null {
  const next = route && passagesAhead(voyage, route)[0];
  if (!next) return null;
  const [etd, eta] = [millis(voyage.shipment.etd), millis(voyage.shipment.eta)];
  return `${nameOf(next.id)} in ${span(etd + next.fraction * (eta - etd) - now)}`;
}

export function voyageFacts(voyage: Voyage, route: SeaRoute | undefined, around: SeaRoute | undefined, now: number, nameOf: (id: string) => string): readonly string[] {
  const { shipment: s, decision: d } = voyage;
  const next = nextPassage(voyage, route, now, nameOf);
  return [
    `${s.from_name} → ${s.to_name}${s.vessel ? `, ${s.vessel}` : ''}`,
    placeOf(voyage, route?.distance_nm ?? s.distance_nm),
    ...(next ? [`Next: ${next}`] : []),
    `ETA ${day(s.eta)}, cargo ${money(s.cargo_value_usd)}`,
    ...(d ? [d.headline, d.deadline === null ? 'No deadline' : `Deadline ${instantShort(d.deadline)}, ${timeLeft(d.deadline, now).text}${d.action === 'proceed' ? '' : `; saves ${money(d.saving_usd)}`}`] : []),
    ...(around ? [`Around: +${count(around.extra_distance_nm)} nm, +${decimal(around.extra_days)} d at 16 kn`] : []),
    `As of ${instant(now)}`,
  ];
}
