// Customers who answered “3 call me”: a person must ring them, and say that it was done.
import { Button, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { callsQuery } from '../../api/queries.ts';
import type { Alert } from '../../api/types.ts';
import { useList, useNow } from '../../api/use-desk.ts';
import { plural } from '../../format/number.ts';
import { instant, timeLeft } from '../../format/time.ts';
import { act, tell } from '../../shell/sign-in-context.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Toned, URGENCY_WORDS } from '../../ui/words.tsx';
import css from './alerts.module.css';

export function Calls() {
  const list = useList<Alert>(callsQuery);
  const now = useNow();
  const [closing, setClosing] = useState<Alert | null>(null);
  // Whose decision runs out first is called first.
  const waiting = [...(list.items ?? [])].sort((a, b) => (a.deadline ?? '9999').localeCompare(b.deadline ?? '9999'));
  if (waiting.length === 0) return null;
  return (
    <Panel title={<Toned tone="bad" icon="phone">{plural(waiting.length, 'customer')} {waiting.length === 1 ? 'waits' : 'wait'} for a call</Toned>} flush>
      <ul>
        {waiting.map((alert) => {
          const left = timeLeft(alert.deadline ?? null, now ?? 0);
          return (
            <li key={alert.id} className={css.call}>
              <div>
                <p className="strong">
                  {alert.customer_name} <span className="dim">{alert.recipient}</span>
                </p>
                <p>
                  about <Link to="/decisions/$id" params={{ id: alert.decision_id }}>{alert.headline}</Link>
                </p>
                <p className="dim small">Asked {alert.call_request ? instant(alert.call_request.asked_at) : ''}. The number is with the customer’s own contacts; the desk shows it masked.</p>
              </div>
              <div className={css.callActs}>
                {alert.deadline && now !== null && <Toned tone={URGENCY_WORDS[left.urgency].tone} icon={URGENCY_WORDS[left.urgency].icon}>{left.text}</Toned>}
                <Button size="xs" leftSection={<Icon name="check" size={14} />} onClick={() => setClosing(alert)}>I have called</Button>
              </div>
            </li>
          );
        })}
      </ul>
      {closing && <CloseCall alert={closing} onClose={() => setClosing(null)} />}
    </Panel>
  );
}

function CloseCall({ alert, onClose }: { readonly alert: Alert; readonly onClose: () => void }) {
  const client = useQueryClient();
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const send = async (): Promise<void> => {
    setBusy(true);
    setFailure(null);
    const outcome = await act(() => api<Alert>(`/api/v1/alerts/${encodeURIComponent(alert.id)}/call/close`, { method: 'POST', body: note.trim() === '' ? {} : { note: note.trim() } }));
    setBusy(false);
    if (outcome.kind === 'failed') setFailure(outcome.words);
    if (outcome.kind !== 'done') return;
    tell(outcome, `${alert.customer_name}: called.`);
    onClose();
    await client.invalidateQueries({ queryKey: ['alerts'] });
  };
  return (
    <Confirm opened title={`Has ${alert.customer_name} been called?`} doIt="Yes, called" busy={busy} failure={failure} onClose={onClose} onDo={() => void send()}>
      <p>The request is closed, and your name, the time and the note are kept with the alert. The decision itself stays as it is: acknowledge or override it on its own page.</p>
      <Textarea label="What was agreed (optional)" autosize minRows={2} maxLength={500} value={note} onChange={(event) => setNote(event.currentTarget.value)} data-autofocus />
    </Confirm>
  );
}
