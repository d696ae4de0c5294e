// An alert's way: each contact in order, what became of it there, and why the next one was tried.
import type { Alert, AlertDelivery } from '../../api/types.ts';
import { instantShort } from '../../format/time.ts';
import { ALERT_WORDS, Says, Toned, wordFor, type Word } from '../../ui/words.tsx';
import css from './alerts.module.css';
import { channelName, escalationWords, storyOf, worthLines } from './delivery-rules.ts';

const OWN: Readonly<Record<string, Word>> = {
  planned: { text: 'Not needed yet', icon: 'none', tone: 'calm', means: 'Tried when those before it do not reach anybody in time.' },
  cancelled: { text: 'Not needed', icon: 'none', tone: 'calm', means: 'Somebody was reached before its turn came.' },
  sent: { text: 'Sent', icon: 'check', tone: 'calm', means: 'The channel took it; nothing proves yet that it arrived.' },
  lapsed: { text: 'Not in time', icon: 'clock', tone: 'warn', means: 'Nothing proved in time that it was read, so another contact was tried.' },
};

const deliveryWord = (d: Pick<AlertDelivery, 'status' | 'lapsed_at'>): Word => (d.lapsed_at !== null && d.status !== 'read' && d.status !== 'failed' ? OWN['lapsed']! : (OWN[d.status] ?? wordFor(ALERT_WORDS, d.status)));

/** Never begun. */
const IDLE: ReadonlySet<string> = new Set(['planned', 'cancelled']);

export function Deliveries({ alert }: { readonly alert: Alert }) {
  const escalated = escalationWords(alert.escalated);
  if (!worthLines(alert) && escalated === null) return null;
  return (
    <>
      <ol className={css.ways} aria-label="Contacts in the order in which they are tried">
        {alert.deliveries.map((d, i) => (
          <Way key={d.position} delivery={d} next={alert.deliveries.slice(i + 1).find(({ status }) => !IDLE.has(status))} />
        ))}
      </ol>
      {escalated !== null && <p className={css.escalated}><Toned tone="warn" icon="up">{escalated}</Toned></p>}
    </>
  );
}

function Way({ delivery: d, next }: { readonly delivery: AlertDelivery; readonly next: AlertDelivery | undefined }) {
  const at = d.read_at ?? d.delivered_at ?? d.sent_at;
  const idle = IDLE.has(d.status);
  return (
    <li data-idle={idle}>
      <span className={css.who}>
        {d.role === 'operators' ? 'Operators' : `${d.position + 1}. ${channelName(d.channel)}`} <span className="dim">{d.role === 'operators' ? `${channelName(d.channel)} ` : ''}{d.recipient}</span>
      </span>
      <span><Says word={deliveryWord(d)} /></span>
      <span className={css.story}>
        {idle ? '' : storyOf(d, next)}
        {at !== null && !idle && <span className="dim nowrap"> {instantShort(at)}</span>}
        {d.held_until !== null && <span className="dim nowrap"> quiet until {instantShort(d.held_until)}</span>}
      </span>
    </li>
  );
}
