// Who was told what, and whether it arrived.
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { alertsQuery } from '../../api/queries.ts';
import type { Alert } from '../../api/types.ts';
import { useList } from '../../api/use-desk.ts';
import { plural } from '../../format/number.ts';
import { instant, instantShort } from '../../format/time.ts';
import { Icon, type IconName } from '../../ui/icons.tsx';
import { Choice, More } from '../../ui/list-frame.tsx';
import { Page, Panel } from '../../ui/panel.tsx';
import { Bones, Empty, Guard } from '../../ui/states.tsx';
import { ALERT_WORDS, Says, wordFor } from '../../ui/words.tsx';
import css from './alerts.module.css';
import { Calls } from './calls.tsx';
import { Deliveries } from './deliveries.tsx';
import { channelName } from './delivery-rules.ts';

type Shown = 'all' | 'unread' | 'failed';

const keeps: Readonly<Record<Shown, (alert: Alert) => boolean>> = {
  all: () => true,
  unread: ({ status }) => status !== 'read' && status !== 'suppressed',
  failed: ({ status }) => status === 'failed',
};

export default function Alerts() {
  const list = useList<Alert>(alertsQuery);
  const [show, setShow] = useState<Shown>('all');
  const failed = list.items?.filter(keeps.failed).length ?? 0;
  const unread = list.items?.filter(keeps.unread).length ?? 0;
  return (
    <Page
      question="Who has been told, and did it arrive?"
      name="Alerts"
      answer={list.items ? <>{plural(list.items.length, 'alert')}{list.hasNextPage ? ' and more' : ''}, {unread} not yet read, {failed} failed</> : null}
      aside={<Choice label="Which alerts" value={show} options={[['all', 'All'], ['unread', 'Not read'], ['failed', 'Failed']]} onChange={setShow} />}
    >
      <div className="stack">
        <Calls />
        <Panel title="Alerts, newest first" flush>
          <Guard query={{ ...list, data: list.items }} what="the alerts" loading={<Bones rows={6} height={84} onPhone={226} />}>
            {(items) => {
              const shown = items.filter(keeps[show]);
              return shown.length === 0 ? (
                <Empty icon="bell" title={show === 'failed' ? 'No alert has failed.' : show === 'unread' && items.length > 0 ? 'Everything has been read.' : 'Nobody has been told anything yet.'}>
                  {items.length === 0 && 'An alert goes out with a decision that asks for action.'}
                </Empty>
              ) : (
                <ul>
                  {shown.map((alert) => (
                    <AlertItem key={alert.id} alert={alert} />
                  ))}
                </ul>
              );
            }}
          </Guard>
          <More list={list} shown={list.items?.length ?? 0} word="alerts" />
        </Panel>
      </div>
    </Page>
  );
}

function AlertItem({ alert }: { readonly alert: Alert }) {
  return (
    <li className={css.item}>
      <div className={css.words}>
        <p className={css.headline}>
          <Link to="/decisions/$id" params={{ id: alert.decision_id }}>
            {alert.headline}
          </Link>
        </p>
        <p className="dim small">
          {alert.customer_name}, {alert.recipient} by {channelName(alert.channel)}, as of {instant(alert.as_of)}
          {alert.attempts > 1 && `, ${alert.attempts} tries`}
        </p>
        {alert.error && (
          <p className={css.error}>
            <Icon name="alert" size={14} /> {alert.error.message} <code>{alert.error.code}</code>
          </p>
        )}
        {alert.call_request?.open && (
          <p className={css.error}>
            <Icon name="phone" size={14} /> Waits for a call since {instant(alert.call_request.asked_at)}
          </p>
        )}
        <Deliveries alert={alert} />
        <details className={css.body}>
          <summary>The message</summary>
          <p>{alert.body}</p>
        </details>
      </div>
      <div className={css.delivery}>
        <Says word={wordFor(ALERT_WORDS, alert.status)} pill />
        <Timeline alert={alert} />
      </div>
    </li>
  );
}

/** Four marks from stored to read; a reached one has its time, and a word and an icon beside the colour. */
function Timeline({ alert }: { readonly alert: Alert }) {
  const stops: readonly (readonly [name: string, at: string | null, icon: IconName])[] = [
    ['Stored', alert.created_at, 'check'],
    ['Sent', alert.sent_at, 'check'],
    ['Delivered', alert.delivered_at, 'checks'],
    ['Read', alert.read_at, 'eye'],
  ];
  return (
    <ol className={css.timeline} aria-label="Delivery">
      {stops.map(([name, at, icon]) => (
        <li key={name} data-reached={at !== null}>
          <span className={css.mark}>{at !== null && <Icon name={icon} size={12} />}</span>
          <span>{name}</span>
          <span className={css.at}>{at === null ? 'not yet' : <time dateTime={at}>{instantShort(at)}</time>}</span>
        </li>
      ))}
    </ol>
  );
}
