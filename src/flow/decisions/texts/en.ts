/** The decision in plain English. A sentence is about this shipment, and every number in it is a fact; nothing is computed here. */
import { formatUsd } from '../../../model/money.ts';
import { CHOKEPOINTS, type ChokepointId } from '../../../model/place.ts';
import { writtenFor } from '../../../model/written.ts';
import type { ConfidenceReason, Escalation } from '../confidence.ts';
import type { DecisionContent } from '../content.ts';
import type { CurvePoint, Facts } from '../facts.ts';
import type { EventRisk } from '../inputs.ts';
import type { Action, ComponentName, Recourse } from '../options/index.ts';
import { capital } from './parts.ts';
import type { ChainStep, Texts } from './texts.ts';

const w = writtenFor('en');
const { percent } = w;
/** `28 Feb 2026, 16:00 UTC`. */
export const moment = w.utc;

const days = (n: number): string => `${w.days(n)} ${n === 1 ? 'day' : 'days'}`;

const ARTICLES: Partial<Record<ChokepointId, string>> = { bab_el_mandeb: '' };
/** `the Strait of Hormuz`, `Bab el-Mandeb`. */
const passageName = (id: ChokepointId): string => `${ARTICLES[id] ?? 'the '}${CHOKEPOINTS[id]}`;
const passage = (f: Facts): string => passageName(f.chokepoint);
/** The leading passage, and the others that are threatened: `Bab el-Mandeb or the Suez Canal`. */
const passages = (f: Facts): string => [passage(f), ...f.others.map((o) => passageName(o.chokepoint))].join(' or ');

const TITLES: Record<Action, string> = {
  proceed: 'Proceed as planned',
  reroute: 'Take another way by sea',
  divert: 'Use a port outside the passage and go overland',
  delay: 'Sail later',
  insure: 'Proceed with war-risk cover',
  hedge: 'Proceed with the price of the other way fixed',
  split: 'Send a part of the boxes by the other way',
  wait: 'Wait, and decide by the deadline',
};

const NOUNS: Record<Action, string> = {
  proceed: 'proceeding', reroute: 'the other way by sea', divert: 'the port outside with the road', delay: 'sailing later', insure: 'war-risk cover', hedge: 'fixing the price of the other way', split: 'sending a part by the other way', wait: 'waiting',
};

const COMPONENT_NAMES: Record<ComponentName, string> = {
  freight: 'Freight difference', overland: 'Overland haul', handling: 'Extra handling and change of destination', storage: 'Storage and detention', premium: 'Premium',
  time: 'Cost of time', spoilage: 'Spoilage', penalty: 'Contract penalty', goods: 'Loss of goods', emergency: 'Emergency surcharge', onward: 'Risk on the way around', rate_rise: 'Rise in price while waiting',
};

const RECOURSES: Record<Recourse, string> = {
  wait_out: 'the ship waits for the passage to open', sent_round: 'the ship is sent the long way round', landed_outside: 'the cargo is landed outside and hauled overland',
};

const WHY_NOT: Record<string, string> = {
  no_other_sea_route: 'No way by sea reaches this port without the passage',
  no_port_outside: 'No port outside the passage with a road or railway to this one is in the table',
  loaded_behind_passage: 'The cargo is on board behind the passage already',
  under_way: 'The ship has left',
  cut_off_passed: 'Its cut-off has passed',
  too_few_boxes: 'There are too few boxes to divide',
};
const whyNot = (code: string): string => WHY_NOT[code] ?? code;

const CUT_OFFS: Record<string, string> = {
  booking_cut_off: 'the booking can be changed until 72 hours before departure',
  notice_before_passage: 'carriers ask for 48 hours of notice before the passage',
  underwriters_notice: 'underwriters bind cover until 24 hours before the passage',
};

const CONFIDENCE: Record<ConfidenceReason, string> = {
  judged_link: 'the link from the event to this passage is a declared judgement',
  wide_link: 'the link is wide',
  sources_disagree: 'the sources disagree',
  short_record: 'the record is short',
  default_freight: 'no freight series covers the lane, so a general rate is used',
};

function escalation(e: Escalation): string {
  switch (e.kind) {
    case 'large_and_unsure':
      return `exposure is ${formatUsd(e.exposure)} (at least $200,000) and confidence ${percent(e.confidence)} (under 50%)`;
    case 'sources_disagree':
      return `the sources disagree: put to ${e.horizonDays} days, one says ${percent(e.low)} and another ${percent(e.high)} for “${e.event}”`;
    case 'short_record':
      return `the record behind the estimate is short: ${e.points} data ${e.points === 1 ? 'point' : 'points'} over ${days(e.days)}`;
  }
}

const escalated = (all: readonly Escalation[]): string | null => (all.length === 0 ? null : `A person must look: ${all.map(escalation).join('; ')}.`);

const confidenceReasons = (f: Facts): readonly string[] => [...f.trust.dataReasons, ...f.trust.reasons.map((r) => CONFIDENCE[r])];

function headline(f: Facts): string {
  const by = f.deadline === null ? '' : ` by ${moment(f.deadline)}`;
  const odds = `${percent(f.p)} risk at ${passage(f)}`;
  const against = f.breakEven === null ? (f.othersOpen ? 'no way out pays at any probability' : 'no way out is open any more') : `break-even ${percent(f.breakEven)}`;
  if (f.action === 'proceed') return `${f.reference}: proceed as planned. ${odds}, ${against}.`;
  if (f.action === 'wait') return `${f.reference}: wait and decide${by}. ${odds}, ${against}; against sailing on blindly it ${saves(f)}.`;
  return `${f.reference}: ${TITLES[f.action].toLowerCase()}${by}. ${odds}, ${against}; ${saves(f)}.`;
}

/** A careful customer may pay for calm. */
const saves = (f: Facts): string => (f.saving >= 0n ? `saves ${formatUsd(f.saving)} in expectation` : `costs ${formatUsd(-f.saving)} more in expectation and spares the worst cases`);

/** Said only where the customer's tolerance changed the advice. */
function byTolerance(f: Facts): string {
  if (f.neutral === f.action) return '';
  const wish = f.tolerance === 'conservative' ? 'pays something to avoid the worst cases' : 'acts only where it saves a good deal';
  return ` This follows the customer's risk tolerance (${f.tolerance}: ${wish}); by expected cost alone it would be ${NOUNS[f.neutral]}.`;
}

function deadlineReason(f: Facts): string {
  const option = f.closing ? NOUNS[f.closing] : 'the way out';
  switch (f.deadlineReason) {
    case 'nothing_to_choose':
      return 'There is nothing to decide: no way out is open that could pay.';
    case 'last_change_of_mind':
      return `Proceeding needs nothing. This is the last moment for ${option}, should the odds pass break-even.`;
    case 'option_closes':
      return `After this ${option} is closed.`;
    case 'waiting_costs_more':
      return f.action === 'wait' ? 'After this, waiting costs more than it can teach.' : 'After this, putting it off costs more than it is worth: prices rise with the threat.';
  }
}

function answers(f: Facts): DecisionContent['answers'] {
  return { what: what(f), when: when(f), how_bad: howBad(f), why: why(f), what_to_do: `${whatToDo(f)}${byTolerance(f)}`, how_sure: howSure(f), if_nothing: ifNothing(f) };
}

const ship = (f: Facts): string => `${f.reference}${f.vessel ? ` on ${f.vessel}` : ''}, ${f.from} to ${f.to}`;

function what(f: Facts): string {
  const state =
    f.risk.basis.kind === 'observed'
      ? `${capital(passage(f))} has lost ${percent(f.eventProbability)} of its traffic`
      : f.risk.basis.kind === 'occurred'
        ? `It has happened: ${f.risk.event}. That threatens ${passage(f)}`
        : `${f.risk.event} would threaten ${passage(f)}`;
  return `${state}. ${ship(f)}, goes through it with ${formatUsd(f.exposure)} of cargo.${alongside(f)} ${f.others.length === 0 ? 'The passage' : 'One of them'} is closed to it with probability ${percent(f.p)} (90% interval ${percent(f.pInterval[0])} to ${percent(f.pInterval[1])}).`;
}

/** What else the same way around avoids. */
function alongside(f: Facts): string {
  if (f.others.length === 0) return '';
  const each = f.others.map((o) => `${passageName(o.chokepoint)} (closed with probability ${percent(o.p)})`).join(' and ');
  const counted = f.oneCause ? 'the cause is one, so the likeliest counts and not their sum' : 'causes are taken as independent where they share nothing';
  return ` The same way around also avoids ${each}: ${counted}.`;
}

function when(f: Facts): string {
  return `By schedule ${f.reference} is at ${passage(f)} on ${moment(f.passesAt)} and due on ${moment(f.eta)}.${deadlineSentence(f)}`;
}

function deadlineSentence(f: Facts): string {
  if (f.deadline === null) return '';
  return f.action === 'proceed' ? ` The last moment to choose otherwise is ${moment(f.deadline)}.` : ` Decide by ${moment(f.deadline)}.`;
}

function howBad(f: Facts): string {
  return `If it is closed: ${formatUsd(f.lossIfHit)} (90% interval ${formatUsd(f.lossInterval[0])} to ${formatUsd(f.lossInterval[1])}) and ${days(f.days)} late (${days(f.daysInterval[0])} to ${days(f.daysInterval[1])}), as ${RECOURSES[f.recourse]}. Times its probability, proceeding costs ${formatUsd(f.proceedExpected)}.`;
}

function why(f: Facts): string {
  const lasts = `a closing lasts ${days(f.risk.durationDays.expected)} on average (${days(f.risk.durationDays.low)} to ${days(f.risk.durationDays.high)})`;
  if (f.risk.basis.kind === 'observed') return `${capital(passage(f))} has been seen closed since ${moment(f.risk.basis.since)}; from now ${lasts}, so it is still closed on ${moment(f.passesAt)} with probability ${percent(f.p)}.`;
  const link = f.risk.basis.harmGivenEvent;
  if (f.risk.basis.kind === 'occurred') {
    return `${f.risk.event} is known since ${moment(f.risk.basis.at)}; in ${percent(link.expected)} of cases (${percent(link.low)} to ${percent(link.high)}: ${f.risk.linkSource}) that closes ${passage(f)}, and ${lasts}. Traffic counts come about six days late and do not show it yet. For the day of passage that makes ${percent(f.p)}.`;
  }
  return `${f.risk.event} has a pooled probability of ${percent(f.eventProbability)} within 30 days; it closes ${passage(f)} in ${percent(link.expected)} of cases (${percent(link.low)} to ${percent(link.high)}: ${f.risk.linkSource}), and ${lasts}. For the day of passage that makes ${percent(f.p)}.`;
}

function whatToDo(f: Facts): string {
  const even = f.breakEven === null || f.breakEvenAction === null ? (f.othersOpen ? 'No option that is open saves anything if it is closed' : 'No other option is open any more') : `The odds stand at ${percent(f.p)}; ${NOUNS[f.breakEvenAction]} pays from ${percent(f.breakEven)}`;
  if (f.action === 'proceed') return `Proceed as planned. ${even}.`;
  if (f.action === 'wait') {
    const then = f.fallback && f.fallback !== 'proceed' ? `, then take ${NOUNS[f.fallback]} if the news is bad` : '';
    return `Hold the choice open until ${f.deadline === null ? 'the cut-off' : moment(f.deadline)}${then}. ${even}. Expected cost ${formatUsd(f.expected)} against ${formatUsd(f.proceedExpected)} for proceeding.`;
  }
  const late = f.extraDays > 0 ? ` and ${days(f.extraDays)} more` : '';
  const which = f.action === 'divert' && f.overlandPort ? ` (${f.overlandPort})` : f.split ? ` (${f.split.moved} of ${f.split.boxes})` : '';
  return `${TITLES[f.action]}${which}: ${formatUsd(f.costIfCalm)}${late} if nothing happens. ${even}. It ${saves(f)}.`;
}

function howSure(f: Facts): string {
  const reasons = confidenceReasons(f);
  const because = reasons.length === 0 ? '' : ` Why: ${reasons.join('; ')}.`;
  const points = `${f.risk.recordLength} data ${f.risk.recordLength === 1 ? 'point' : 'points'}`;
  return `Confidence in the data is ${percent(f.trust.confidence)}, from ${points}.${because}${f.trust.escalations.length > 0 ? ` ${escalated(f.trust.escalations)}` : ''}`;
}

function ifNothing(f: Facts): string {
  const last = f.curve.at(-1);
  if (!last || last.extra === 0n) return `Doing nothing is proceeding, at an expected ${formatUsd(f.proceedExpected)}; it costs no more than the best choice now.`;
  const first = f.curve.find((c) => c.extra > 0n) ?? last;
  const end = first === last ? '' : `, and ${formatUsd(last.extra)} by ${moment(last.at)}`;
  return `Doing nothing costs ${formatUsd(first.extra)} more by ${moment(first.at)}${end}. In the end it is proceeding, at an expected ${formatUsd(f.proceedExpected)}.`;
}

function curveNote(point: CurvePoint): string {
  return point.closing.length === 0 ? 'Prices and odds only' : `Closed by then: ${point.closing.map((a) => NOUNS[a]).join(', ')}`;
}

function watch(f: Facts): string {
  const even = percent(f.breakEven ?? 1);
  return f.p > (f.breakEven ?? 1) ? `Watch ${passage(f)}: act at the deadline unless the odds have fallen under ${even}.` : `Watch ${passage(f)}: act when the odds pass ${even}.`;
}

function steps(f: Facts): readonly string[] {
  const carrier = f.carrier ?? 'the carrier';
  const by = f.deadline === null ? '' : ` by ${moment(f.deadline)}`;
  switch (f.action) {
    case 'proceed':
      return f.deadline === null ? ['Nothing to do.'] : [`Nothing to do. Look again if the odds pass ${percent(f.breakEven ?? 1)} before ${moment(f.deadline)}.`];
    case 'wait':
      return [`Ask ${carrier} for a quote on ${f.fallback ? NOUNS[f.fallback] : 'the way out'} now, without ordering it.`, watch(f), `Decide${by} at the latest.`];
    case 'reroute':
      return [f.underWay ? `Ask ${carrier} to land the boxes at a hub before ${passage(f)} and to relay them the other way.` : `Ask ${carrier} to move the booking to a service that avoids ${passage(f)}.`, `Confirm${by}.`, `Tell the consignee that arrival moves by about ${days(f.extraDays)}.`];
    case 'divert':
      return [`Order a change of port to ${f.overlandPort ?? 'the port outside'} from ${carrier}${by}.`, 'Book the overland haul and the customs transit with it.', `Tell the consignee that arrival moves by about ${days(f.extraDays)}.`];
    case 'delay':
      return [`Ask ${carrier} to roll the booking by ${days(f.extraDays)}${by}.`, 'Keep the boxes at the shipper or in the terminal.', 'Tell the consignee the new date.'];
    case 'hedge':
      return [`Ask ${carrier} or a forwarder for an option on space around ${passage(f)} at today's rate, or for a forward on the lane's index${by}.`, `Sail as planned through ${passage(f)}. It pays for the rise in freight, not for delay or goods.`];
    case 'split':
      return [`Ask ${carrier} to move ${f.split?.moved ?? 0} of ${f.split?.boxes ?? 0} boxes to a service that avoids ${passage(f)}.`, `Confirm both bookings${by}.`, 'Tell the consignee that the goods arrive in two parts.'];
    case 'insure':
      return [`Ask the cargo underwriter to bind war-risk cover for ${formatUsd(f.exposure)}${by}.`, `Sail as planned through ${passage(f)}. The cover pays for goods, not for delay.`];
  }
}

/** What one's cut-off rests on, for the option's line. */
const cutOffReason = (code: string): string => CUT_OFFS[code] ?? code;

function chain(chokepoint: ChokepointId, risk: EventRisk, eventProbability: number): readonly ChainStep[] {
  const name = passageName(chokepoint);
  const p = Math.round(eventProbability * 1e6) / 1e6;
  if (risk.basis.kind === 'observed') return [{ statement: `Share of the usual traffic at ${name} that does not pass`, probability: p, source: risk.linkSource }];
  const pooled = risk.basis.kind === 'forecast' ? [{ statement: `${risk.event} within 30 days, pooled over its sources`, probability: p, source: 'log-odds pool of the claims above' }] : [];
  return [...pooled, { statement: `If it happens, ${name} is closed to this trade`, probability: risk.basis.harmGivenEvent.expected, source: risk.linkSource }];
}

const ownChain = (f: Facts): readonly ChainStep[] => [
  { statement: `${capital(passages(f))} is closed when ${f.reference} gets there on ${moment(f.passesAt)}`, probability: Math.round(f.p * 1e6) / 1e6, source: "the hazard, the link and the closing's duration above" },
  { statement: `Closed, it costs this shipment ${formatUsd(f.lossIfHit)}`, probability: null, source: 'the cost components of proceeding' },
];

export const en: Texts = Object.freeze({
  language: 'en',
  titles: TITLES,
  components: COMPONENT_NAMES,
  sources: { penalty: "The shipment's contract terms", onward: 'the risks on the passages of the way around, and what standing before them costs', judgement: 'declared judgement' },
  moment, whyNot, cutOffReason, headline, deadlineReason, answers, steps, curveNote, confidenceReasons, escalation, escalated, chain, ownChain,
  evidence: (statement: string) => statement,
  source: (name: string) => name,
});
