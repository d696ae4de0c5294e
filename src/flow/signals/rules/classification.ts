/**
 * What a claim is about and which way a yes points: data, read from top to bottom, the first match wins.
 * A change of any line here is a new {@link RULES_VERSION}. Not here: whether a statement is good enough (`validation.ts`).
 */
import type { ChokepointId } from '../../../model/place.ts';
import type { Polarity } from '../ports.ts';
import type { Relation } from '../signal.ts';

/** Version of all that `rule-book.ts` collects; part of every signal's id. */
export const RULES_VERSION = 'signals-2';

export interface ClassificationRule {
  /** Named in the signal; stable. */
  readonly id: string;
  readonly subject: ChokepointId;
  readonly relation: Relation;
  readonly polarity: Polarity;
  /** All must match the question's normalised text (lower case, plain quotes and blanks). */
  readonly all: readonly RegExp[];
  /** None may match. */
  readonly none?: readonly RegExp[];
}

/** A headline that names a passage and says nothing that a classification rule knows: context, without a direction. */
export interface MentionRule {
  readonly id: string;
  readonly subject: ChokepointId;
  readonly name: RegExp;
}

/** Names under which questions speak of a passage. */
const PASSAGE_NAMES: readonly (readonly [ChokepointId, RegExp])[] = [
  ['hormuz', /\bhormuz\b/],
  ['bab_el_mandeb', /\bbab[ -]?(el|al)[ -]?mandeb\b|\bred sea\b/],
  ['suez', /\bsuez\b/],
  ['panama', /\bpanama canal\b/],
  ['malacca', /\bstrait of malacca\b|\bmalacca strait\b/],
  ['bosphorus', /\bbosp(h|)orus\b|\bturkish straits?\b/],
  ['gibraltar', /\bstrait of gibraltar\b/],
  ['dover', /\bstrait of dover\b|\bdover strait\b|\benglish channel\b/],
  ['cape_of_good_hope', /\bcape of good hope\b/],
];

const ENDS = /\b(lift(s|ed|ing)?|end(s|ed|ing)?|re-?open(s|ed|ing)?|cleared|resum\w*)\b/;
const BACK_TO_NORMAL = /\breturns? to (normal|the|suez|red)|\bnormali[sz]e[sd]?\b|\bresum(e|es|ed|ption)\b|\btraffic recover|\bpre-?(war|crisis) level/;
const SHIPS_PASS = /\b\d+ (or more )?(ships?|vessels?|tankers?|transits?)\b.*\btransit|\bships? transit\b/;
const SHUT = /\bclos(e[sd]?|ure|ing)\b|\bblock(s|ed|ade[sd]?|ading|age)?\b|\bmin(e[sd]|ing)\b|\bshut(s|down)?\b|\bdisrupt|\bsuspend/;
const FEWER = /\b(below|under|fewer than|less than)\b.*\b(ships?|vessels?|tankers?|transits?)\b/;

/** For every passage alike: the claims that speak of the passage itself. */
const passageRules = PASSAGE_NAMES.flatMap(([subject, name]): ClassificationRule[] => [
  { id: `${subject}.reopened`, subject, relation: 'passage', polarity: 'lowers', all: [name, SHUT, ENDS] },
  { id: `${subject}.back-to-normal`, subject, relation: 'passage', polarity: 'lowers', all: [name, BACK_TO_NORMAL] },
  { id: `${subject}.few-ships`, subject, relation: 'passage', polarity: 'raises', all: [name, FEWER] },
  { id: `${subject}.ships-pass`, subject, relation: 'passage', polarity: 'lowers', all: [name, SHIPS_PASS] },
  { id: `${subject}.shut`, subject, relation: 'passage', polarity: 'raises', all: [name, SHUT] },
  { id: `${subject}.ships-attacked`, subject, relation: 'trigger', polarity: 'raises', all: [name, /\b(attack|hit|struck|seiz\w*|hijack\w*|missile)/] },
]);

const IRAN = /\biran(ian)?\b/;
const YEMEN = /\byemen('?s)?\b|\bhouthis?\b/;
const FORCE = /\bstrikes?\b|\bmilitary (action|strike|operation)|\bbomb(s|ed|ing)?\b|\binva(de[sd]?|sion)\b|\battacks?\b|\bat war\b|\bwar with\b|\bforces in\b|\b(send|sends|american|u\.?s\.?) troops\b|\btroops (in|to|inside)\b|\bclash\b/;
/** "Continues through March": the event is there already, so a yes brings no new harm. Its opposite, that it ends, is read before. */
const GOES_ON = /\b(continu(es?|ed|ing)|goes on|go on|still|ongoing|remains?)\b/;
/** Questions about what people think, sport, or what others do: the words are there, the event is not. */
const BESIDES = [/\bworld cup\b/, /\blook positively\b/, /\bpublic opinion\b/, /\beurovision\b/, /\brecogni[sz]e\b/, /\bafghanistan\b/];
const NO_STRIKE = [...BESIDES, /\bnuclear detonation\b/, /\bregime\b/];

const relief = (area: string, subject: ChokepointId, name: RegExp): ClassificationRule[] => [
  { id: `${area}.ceasefire-broken`, subject, relation: 'trigger', polarity: 'raises', all: [name, /\bceasefire\b/, /\b(broken|breaks?|collapses?|violated|ends?)\b/], none: BESIDES },
  { id: `${area}.ceasefire`, subject, relation: 'relief', polarity: 'lowers', all: [name, /\bceasefire\b|\btruce\b|\bpeace (deal|agreement)\b/], none: BESIDES },
  {
    id: `${area}.operations-end`,
    subject,
    relation: 'relief',
    polarity: 'lowers',
    all: [name, /\bend of military operations\b|\bconflict ends?\b|\bwar ends?\b|\bstop(s|ped)? (attack|strik)\w*/],
    none: BESIDES,
  },
];

const areaRules: readonly ClassificationRule[] = [
  ...relief('iran', 'hormuz', IRAN),
  { id: 'iran.deal', subject: 'hormuz', relation: 'relief', polarity: 'lowers', all: [IRAN, /\bnuclear deal\b|\b(end|surrender)s? (enrich\w*|enrichment)\b/], none: BESIDES },
  { id: 'iran.fighting-goes-on', subject: 'hormuz', relation: 'context', polarity: 'raises', all: [IRAN, FORCE, GOES_ON], none: BESIDES },
  // Who strikes decides which link holds: see links.ts.
  { id: 'iran.struck-by-us', subject: 'hormuz', relation: 'trigger', polarity: 'raises', all: [IRAN, FORCE, /\bu\.?s\.?a?\b|\bunited states\b|\bamerican?\b/], none: NO_STRIKE },
  { id: 'iran.struck-by-israel', subject: 'hormuz', relation: 'trigger', polarity: 'raises', all: [IRAN, FORCE, /\bisrael\b|\bidf\b/], none: NO_STRIKE },
  { id: 'iran.struck', subject: 'hormuz', relation: 'trigger', polarity: 'raises', all: [IRAN, FORCE], none: NO_STRIKE },
  { id: 'iran.regime', subject: 'hormuz', relation: 'context', polarity: 'raises', all: [IRAN, /\b(regime|government)\b.*\b(fall|falls|change|lose power)\b|\blose power\b|\bleadership change\b/], none: BESIDES },
  { id: 'iran.leader-out', subject: 'hormuz', relation: 'context', polarity: 'raises', all: [/\bkhamenei\b/, /\bout as\b|\bcease to be\b|\bleaves\b/], none: BESIDES },
  { id: 'iran.bomb', subject: 'hormuz', relation: 'context', polarity: 'raises', all: [IRAN, /\bnukes?\b|\bnuclear (weapon|test|detonation)\b/], none: BESIDES },
  ...relief('yemen', 'bab_el_mandeb', YEMEN),
  { id: 'yemen.fighting-goes-on', subject: 'bab_el_mandeb', relation: 'context', polarity: 'raises', all: [YEMEN, FORCE, GOES_ON], none: BESIDES },
  { id: 'yemen.struck', subject: 'bab_el_mandeb', relation: 'trigger', polarity: 'raises', all: [YEMEN, FORCE], none: BESIDES },
  { id: 'panama.control', subject: 'panama', relation: 'context', polarity: 'raises', all: [/\bpanama canal\b/, /\btakes?\b|\bcontrol\b/] },
];

export const CLASSIFICATION_RULES: readonly ClassificationRule[] = Object.freeze([...passageRules, ...areaRules]);

export const MENTION_RULES: readonly MentionRule[] = Object.freeze(PASSAGE_NAMES.map(([subject, name]) => ({ id: `${subject}.mentioned`, subject, name })));
