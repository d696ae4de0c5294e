/**
 * Links: what an event that a question prices does to a passage, P(harm | yes), with delay and duration as intervals.
 * Data with a version; each is a declared judgement or has a source, is shown in a decision's causal chain, and is scored like any forecast.
 * Nothing here was set from what happened after 1 February 2026.
 */
import type { ChokepointId } from '../../model/place.ts';
import type { LiveSignal } from './signal.ts';

export const LINKS_VERSION = 'links-1';

/** A 90 % interval around what is expected. */
export interface Interval {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}

export interface Link {
  readonly id: string;
  readonly version: string;
  /** Classification rules whose questions it applies to. */
  readonly rules: readonly string[];
  readonly chokepoint: ChokepointId;
  /** `disrupts`: a yes brings the harm. `relieves`: a yes ends it where it stands. */
  readonly effect: 'disrupts' | 'relieves';
  /** P(effect | yes). */
  readonly probability: Interval;
  /** Days from the event to its effect on ships. */
  readonly delayDays: Interval;
  /** Days for which ships stay away (`disrupts`) or until traffic is back (`relieves`). */
  readonly durationDays: Interval;
  /** One sentence for the causal chain. */
  readonly statement: string;
  /** Where it comes from. */
  readonly source: string;
}

const between = (low: number, expected: number, high: number): Interval => ({ low, expected, high });
const link = (id: string, rest: Omit<Link, 'id' | 'version'>): Link => Object.freeze({ id, version: LINKS_VERSION, ...rest });

/** Passages whose own closure or reopening is asked about: a yes is nearly the harm itself. */
const FOLLOWED: readonly ChokepointId[] = ['hormuz', 'bab_el_mandeb', 'suez', 'panama', 'malacca', 'bosphorus', 'gibraltar', 'dover'];

const passageLinks = FOLLOWED.flatMap((chokepoint): Link[] => [
  link(`${chokepoint}.shut`, {
    rules: [`${chokepoint}.shut`, `${chokepoint}.few-ships`],
    chokepoint,
    effect: 'disrupts',
    probability: between(0.8, 0.92, 0.98),
    delayDays: between(0, 0, 2),
    durationDays: between(3, 21, 120),
    statement: 'The passage is closed or all but empty',
    source: 'Declared judgement: a question on the passage itself resolves on the harm, save for wording',
  }),
  link(`${chokepoint}.back`, {
    rules: [`${chokepoint}.back-to-normal`, `${chokepoint}.reopened`, `${chokepoint}.ships-pass`],
    chokepoint,
    effect: 'relieves',
    probability: between(0.7, 0.88, 0.97),
    delayDays: between(0, 3, 14),
    durationDays: between(3, 14, 45),
    statement: 'Ships use the passage again',
    source: 'Declared judgement: a question on the passage itself resolves on the relief, save for wording',
  }),
  link(`${chokepoint}.attacked`, {
    rules: [`${chokepoint}.ships-attacked`],
    chokepoint,
    effect: 'disrupts',
    probability: between(0.1, 0.35, 0.7),
    delayDays: between(0, 7, 30),
    durationDays: between(7, 60, 365),
    statement: 'Carriers stay away after attacks on ships',
    source: 'Declared judgement. Red Sea 2023: first attack on 19 November, container transits down from 30 November (IMF PortWatch); Gulf of Oman 2019: attacks, no loss of traffic',
  }),
]);

const areaLinks: readonly Link[] = [
  link('iran.struck-by-us.hormuz', {
    rules: ['iran.struck-by-us'],
    chokepoint: 'hormuz',
    effect: 'disrupts',
    probability: between(0.08, 0.25, 0.55),
    delayDays: between(0, 2, 14),
    durationDays: between(5, 21, 90),
    statement: 'After American strikes on Iran, ships stay out of the Strait of Hormuz',
    source: 'Declared judgement. June 2025: strikes, traffic held (IMF PortWatch); a wider campaign has no precedent since 1988',
  }),
  link('iran.struck-by-israel.hormuz', {
    rules: ['iran.struck-by-israel', 'iran.ceasefire-broken'],
    chokepoint: 'hormuz',
    effect: 'disrupts',
    probability: between(0.02, 0.08, 0.25),
    delayDays: between(0, 3, 14),
    durationDays: between(3, 14, 60),
    statement: 'Fighting between Israel and Iran reaches the Strait of Hormuz',
    source: 'Declared judgement. April and October 2024 and June 2025: strikes, traffic held (IMF PortWatch)',
  }),
  link('iran.struck-by-other.hormuz', {
    rules: ['iran.struck'],
    chokepoint: 'hormuz',
    effect: 'disrupts',
    probability: between(0.05, 0.2, 0.5),
    delayDays: between(0, 3, 14),
    durationDays: between(5, 21, 90),
    statement: 'A wider war with Iran reaches the Strait of Hormuz',
    source: 'Declared judgement: no precedent; set below American strikes',
  }),
  link('iran.relief.hormuz', {
    rules: ['iran.ceasefire', 'iran.operations-end', 'iran.deal'],
    chokepoint: 'hormuz',
    effect: 'relieves',
    probability: between(0.3, 0.6, 0.85),
    delayDays: between(2, 14, 60),
    durationDays: between(7, 30, 90),
    statement: 'Once the fighting stops, ships come back to the Strait of Hormuz',
    source: 'Declared judgement: insurers and crews return after some weeks of calm',
  }),
  link('yemen.struck.bab-el-mandeb', {
    rules: ['yemen.struck', 'yemen.ceasefire-broken'],
    chokepoint: 'bab_el_mandeb',
    effect: 'disrupts',
    probability: between(0.1, 0.35, 0.65),
    delayDays: between(0, 5, 21),
    durationDays: between(14, 60, 365),
    statement: 'The Houthis answer against ships in Bab el-Mandeb',
    source: 'Declared judgement. January 2024: strikes on Yemen, container transits stayed at a sixth of normal for the year (IMF PortWatch)',
  }),
  link('yemen.relief.bab-el-mandeb', {
    rules: ['yemen.ceasefire', 'yemen.operations-end'],
    chokepoint: 'bab_el_mandeb',
    effect: 'relieves',
    probability: between(0.1, 0.35, 0.7),
    delayDays: between(14, 60, 180),
    durationDays: between(30, 90, 365),
    statement: 'Carriers come back to Bab el-Mandeb after a truce',
    source: 'Declared judgement. May 2025: truce, container transits not back within the year (IMF PortWatch)',
  }),
];

export const LINKS: readonly Link[] = Object.freeze([...passageLinks, ...areaLinks]);

const byRule = new Map<string, Link[]>();
for (const each of LINKS) for (const rule of each.rules) byRule.set(rule, [...(byRule.get(rule) ?? []), each]);

/** The links of a signal; none means that it is context, not probability. */
export const linksOf = (signal: Pick<LiveSignal, 'classifiedBy'>): readonly Link[] => byRule.get(signal.classifiedBy ?? '') ?? [];
