// The desk's words for states, each with an icon and a tone: colour never speaks alone.
import type { Action, AlertStatus, Chokepoint, ChokepointStatus, DecisionStatus, Health, Severity } from '../api/types.ts';
import type { Urgency } from '../format/time.ts';
import { Icon, type IconName } from './icons.tsx';
import css from './words.module.css';

export type Tone = 'bad' | 'warn' | 'good' | 'calm' | 'accent' | 'replay';
export interface Word {
  readonly text: string;
  readonly icon: IconName;
  readonly tone: Tone;
  /** What it means, for a title and for those who do not know the word. */
  readonly means?: string;
}

const word = (text: string, icon: IconName, tone: Tone, means?: string): Word => ({ text, icon, tone, ...(means === undefined ? {} : { means }) });

export const CHOKEPOINT_WORDS: Readonly<Record<ChokepointStatus, Word>> = {
  NORMAL: word('Normal', 'check', 'good', 'No market expects trouble, and traffic is as usual.'),
  PREDICTED_NOT_OBSERVED: word('Predicted', 'eye', 'warn', 'Markets expect trouble; traffic is still as usual.'),
  MATERIALIZING: word('Materializing', 'alert', 'warn', 'Markets expect trouble, and traffic begins to show it.'),
  CONFIRMED: word('Confirmed', 'alert', 'bad', 'Markets expected it, and traffic shows it.'),
  SURPRISE: word('Surprise', 'alert', 'bad', 'Traffic fell without a market having expected it.'),
};

export const ACTION_WORDS: Readonly<Record<Action, Word>> = {
  proceed: word('Proceed', 'arrow', 'calm', 'Sail as planned.'),
  reroute: word('Reroute', 'strait', 'accent', 'Sail another way round.'),
  divert: word('Divert', 'down', 'accent', 'Discharge at another port.'),
  delay: word('Delay', 'clock', 'accent', 'Put off the departure.'),
  insure: word('Insure', 'lock', 'accent', 'Buy cover, and sail as planned.'),
  hedge: word('Hedge', 'lock', 'accent', 'Fix the price of the other way, and sail as planned.'),
  split: word('Split', 'strait', 'accent', 'Send a part of the boxes another way round.'),
  wait: word('Wait', 'wait', 'calm', 'Decide later: waiting is worth more than acting now.'),
};

export const DECISION_WORDS: Readonly<Record<DecisionStatus, Word>> = {
  active: word('Open', 'flag', 'accent', 'Waits for a person.'),
  acknowledged: word('Acknowledged', 'check', 'good', 'A person has taken it on.'),
  overridden: word('Overridden', 'user', 'warn', 'A person chose another action.'),
  superseded: word('Superseded', 'restart', 'calm', 'A newer decision took its place.'),
  expired: word('Expired', 'clock', 'calm', 'Its deadline passed.'),
};

export const SEVERITY_WORDS: Readonly<Record<Severity, Word>> = {
  low: word('Low', 'info', 'calm'),
  medium: word('Medium', 'info', 'warn'),
  high: word('High', 'alert', 'bad'),
  critical: word('Critical', 'alert', 'bad'),
};

export const ALERT_WORDS: Readonly<Record<AlertStatus, Word>> = {
  queued: word('Queued', 'clock', 'calm', 'Stored; not yet handed to the channel.'),
  sending: word('Sending', 'clock', 'calm', 'Being handed to the channel.'),
  sent: word('Sent', 'check', 'calm', 'The channel took it; the phone has not confirmed.'),
  delivered: word('Delivered', 'checks', 'good', 'It is on the phone.'),
  read: word('Read', 'eye', 'good', 'It was opened.'),
  failed: word('Failed', 'cross', 'bad', 'It did not reach anybody.'),
  suppressed: word('Held back', 'skip', 'calm', 'Not sent: quiet hours, the daily ceiling, or nothing new to say.'),
};

export const HEALTH_WORDS: Readonly<Record<Health, Word>> = {
  healthy: word('Healthy', 'check', 'good'),
  degraded: word('Degraded', 'alert', 'warn'),
  unhealthy: word('Unhealthy', 'cross', 'bad'),
  disabled: word('Off', 'none', 'calm'),
};

export const BREAKER_WORDS: Readonly<Record<string, Word>> = {
  closed: word('Closed', 'check', 'good', 'Calls pass.'),
  half_open: word('Half open', 'half', 'warn', 'One call is let through, to see whether the other side is back.'),
  open: word('Open', 'cross', 'bad', 'Calls are refused until the next try.'),
};

export const SIGNAL_WORDS: Readonly<Record<string, Word>> = {
  live: word('Live', 'check', 'good', 'Used in decisions.'),
  rejected: word('Rejected', 'cross', 'warn', 'Not used; a rule refused it.'),
  expired: word('Expired', 'clock', 'calm', 'Its horizon has passed.'),
};

export const URGENCY_WORDS: Readonly<Record<Urgency, { readonly icon: IconName; readonly tone: Tone }>> = {
  passed: { icon: 'cross', tone: 'bad' },
  now: { icon: 'alert', tone: 'bad' },
  soon: { icon: 'clock', tone: 'warn' },
  later: { icon: 'clock', tone: 'calm' },
  none: { icon: 'none', tone: 'calm' },
};

/** A word that the server used and this page does not know is shown as it came. */
const NO_DATA = word('No data', 'info', 'calm', 'Nobody counts ships here yet, and no market speaks of it.');

/** A passage of which nothing is known is not "normal". */
export const passageWord = (passage: Pick<Chokepoint, 'status' | 'transits' | 'probability'>): Word =>
  passage.status === 'NORMAL' && passage.transits === null && passage.probability === null ? NO_DATA : wordFor(CHOKEPOINT_WORDS, passage.status);

export const wordFor = (words: Readonly<Record<string, Word>>, key: string): Word => words[key] ?? { text: key.replaceAll('_', ' ').toLowerCase(), icon: 'info', tone: 'calm' };

export function Says({ word, pill = false }: { readonly word: Word; readonly pill?: boolean }) {
  return (
    <span className={pill ? css.pill : css.says} data-tone={word.tone} title={word.means}>
      <Icon name={word.icon} size={14} />
      <span>{word.text}</span>
    </span>
  );
}

export function Toned({ tone, icon, children }: { readonly tone: Tone; readonly icon?: IconName; readonly children: React.ReactNode }) {
  return (
    <span className={css.says} data-tone={tone}>
      {icon && <Icon name={icon} size={14} />}
      <span>{children}</span>
    </span>
  );
}
