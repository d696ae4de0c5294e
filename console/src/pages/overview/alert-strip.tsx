// The last alerts, and how far each has come.
import { Link } from '@tanstack/react-router';
import type { Alert } from '../../api/types.ts';
import { instantShort } from '../../format/time.ts';
import { ALERT_WORDS, Says, wordFor } from '../../ui/words.tsx';
import css from './alert-strip.module.css';

/** The latest moment of an alert's life, as the desk dates it. */
export const lastMoment = (alert: Alert): string => alert.read_at ?? alert.delivered_at ?? alert.sent_at ?? alert.created_at;

export function AlertStrip({ alerts, most }: { readonly alerts: readonly Alert[]; readonly most: number }) {
  return (
    <ul className={css.list}>
      {alerts.slice(0, most).map((alert) => (
        <li key={alert.id}>
          <span className={css.state}>
            <Says word={wordFor(ALERT_WORDS, alert.status)} />
          </span>
          <Link to="/decisions/$id" params={{ id: alert.decision_id }} className={css.headline}>
            {alert.headline}
          </Link>
          <span className={css.meta}>
            <span className={css.who}>{alert.customer_name}</span>
            <time dateTime={alert.as_of}>{instantShort(alert.as_of)}</time>
          </span>
        </li>
      ))}
    </ul>
  );
}
