/** The alarms of a walk against the scenario's events: which were true, how soon they came, and how many were false a year. Pure. */
import { changePoint, transitSeries, type Alarm } from '../../flow/reality/index.ts';
import { addDays, DAY_MS, daysBetween, iso, startOfDay, type IsoDay, type Millis } from '../../model/time.ts';
import { newestKnown, TRANSIT_COLUMNS, type Scenario, type ScenarioEvent } from '../../scenario/index.ts';
import type { BacktestReport } from './report.ts';
import { daysOf } from './walk.ts';

type Told = Pick<Scenario, 'from' | 'to' | 'events' | 'transits'>;

/** Days after an alarm that are looked at to tell when the level changed. */
const LOOK_ON_DAYS = 60;

/** @param series the series that were watched and recorded: those without an alarm are counted too */
export function alarmsOf(alarms: readonly Alarm[], scenario: Told, series: readonly string[], firstLook: Millis): Pick<BacktestReport, 'alarms' | 'false_alarms' | 'events'> {
  const views = alarms.toSorted((a, b) => a.knownAt - b.knownAt || (a.series < b.series ? -1 : 1)).map((a) => alarmView(a, scenario, firstLook));
  const years = daysOf(scenario) / 365;
  const wrong = views.filter((v) => v.false_alarm);
  return {
    alarms: views,
    false_alarms: {
      years: round(years, 4),
      total: wrong.length,
      per_year: round(wrong.length / years, 2),
      by_series: [...series].sort().map((name) => {
        const count = wrong.filter((v) => v.series === name).length;
        return { series: name, count, per_year: round(count / years, 2) };
      }),
    },
    events: scenario.events.map((event) => eventView(event, alarms)),
  };
}

/** An alarm is true when it is for a day on which an event moves that passage's traffic. */
const explains = (event: ScenarioEvent, alarm: Alarm): boolean => event.affects.includes(alarm.chokepoint) && alarm.alarmedFor >= event.day && (event.until === null || alarm.alarmedFor <= event.until);

/** The counts of an alarm's series from its baseline on, as they stood in the end. */
function changedOn(alarm: Alarm, transits: Told['transits']): IsoDay | null {
  const ships = TRANSIT_COLUMNS.find((column) => alarm.series === transitSeries(alarm.chokepoint, column));
  if (ships === undefined) return null;
  const until = addDays(alarm.alarmedFor, LOOK_ON_DAYS);
  const rows = newestKnown(transits.filter((r) => r.chokepoint === alarm.chokepoint && r.observedFor >= alarm.baseline.from && r.observedFor <= until), Number.POSITIVE_INFINITY, (r) => r.observedFor);
  const days = rows.flatMap((r) => (r.counts[ships] === null ? [] : [{ day: r.observedFor, count: r.counts[ships] }]));
  const change = changePoint(days.map((d) => d.count));
  return change && days[change.index]!.day;
}

function alarmView(alarm: Alarm, { from, events, transits }: Told, firstLook: Millis): BacktestReport['alarms'][number] {
  const event = events.find((e) => explains(e, alarm)) ?? null;
  // What is raised at the first look, of days before it, was there when the play began.
  const before = alarm.knownAt <= firstLook && alarm.alarmedFor < from;
  return {
    chokepoint: alarm.chokepoint,
    series: alarm.series,
    direction: alarm.direction,
    alarmed_for: alarm.alarmedFor,
    known_at: iso(alarm.knownAt),
    days_late: round((alarm.knownAt - startOfDay(alarm.alarmedFor)) / DAY_MS - 1, 1),
    level: round(alarm.levelRatio, 4),
    changed_on: changedOn(alarm, transits),
    event: event && { day: event.day, title: event.title },
    days_after_event: event && { alarmed_for: daysBetween(event.day, alarm.alarmedFor), known: round((alarm.knownAt - startOfDay(event.day)) / DAY_MS, 1) },
    before_start: before,
    false_alarm: event === null && !before,
  };
}

function eventView(event: ScenarioEvent, alarms: readonly Alarm[]): BacktestReport['events'][number] {
  const first = alarms.filter((a) => explains(event, a)).toSorted((a, b) => a.knownAt - b.knownAt || (a.alarmedFor < b.alarmedFor ? -1 : 1))[0];
  return {
    day: event.day,
    title: event.title,
    source: event.source,
    affects: [...event.affects],
    until: event.until,
    first_alarm: first ? { series: first.series, alarmed_for: first.alarmedFor, known_at: iso(first.knownAt), days_after_event: round((first.knownAt - startOfDay(event.day)) / DAY_MS, 1) } : null,
  };
}

const round = (n: number, digits: number): number => Number(n.toFixed(digits));
