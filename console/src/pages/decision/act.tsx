// Acknowledge and override: each asked twice, in words that say what will happen.
import { Button, NativeSelect, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { ACTIONS, type Action, type Decision } from '../../api/types.ts';
import { money } from '../../format/money.ts';
import { act, tell } from '../../shell/sign-in-context.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { Icon } from '../../ui/icons.tsx';
import { ACTION_WORDS, wordFor } from '../../ui/words.tsx';
import css from './act.module.css';

/** Least that says why; the server has the last word. */
const REASON_MIN = 10;

export function ActButtons({ decision }: { readonly decision: Decision }) {
  const [open, setOpen] = useState<'acknowledge' | 'override' | null>(null);
  if (decision.status !== 'active') {
    return (
      <p className={css.closed}>
        {decision.status === 'superseded' ? 'A newer decision took its place: see below how it came to this.' : `This decision is ${decision.status}; there is nothing left to answer.`}
      </p>
    );
  }
  return (
    <div className={css.buttons}>
      <Button leftSection={<Icon name="check" />} onClick={() => setOpen('acknowledge')}>
        Acknowledge
      </Button>
      <Button variant="default" leftSection={<Icon name="user" />} onClick={() => setOpen('override')}>
        Override
      </Button>
      <Acknowledge decision={decision} opened={open === 'acknowledge'} onClose={() => setOpen(null)} />
      <Override decision={decision} opened={open === 'override'} onClose={() => setOpen(null)} />
    </div>
  );
}

interface DialogProps {
  readonly decision: Decision;
  readonly opened: boolean;
  readonly onClose: () => void;
}

function useAnswer(decision: Decision, onClose: () => void) {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const answer = async (verb: 'acknowledge' | 'override', body: Readonly<Record<string, string>>, done: string): Promise<void> => {
    setBusy(true);
    setFailure(null);
    const outcome = await act(() => api<unknown>(`/api/v1/decisions/${encodeURIComponent(decision.id)}/${verb}`, { method: 'POST', body }));
    setBusy(false);
    if (outcome.kind === 'failed') setFailure(outcome.words);
    if (outcome.kind !== 'done') return;
    tell(outcome, done);
    onClose();
    await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === 'decisions' || queryKey[0] === 'decision' });
  };
  return { busy, failure, answer };
}

function Acknowledge({ decision, opened, onClose }: DialogProps) {
  const { busy, failure, answer } = useAnswer(decision, onClose);
  const [note, setNote] = useState('');
  const send = (): void => void answer('acknowledge', note.trim() ? { note: note.trim() } : {}, `${decision.shipment_reference}: acknowledged.`);
  return (
    <Confirm opened={opened} busy={busy} failure={failure} title={`Acknowledge for ${decision.shipment_reference}?`} doIt="Acknowledge" onClose={onClose} onDo={send}>
      <p>
        You take it on yourself that “{decision.headline}” is done. Reminders for it stop, and your name and the time go into the audit log. The desk itself books nothing.
      </p>
      <Textarea label="Note (optional)" autosize minRows={2} value={note} onChange={(event) => setNote(event.currentTarget.value)} data-autofocus />
    </Confirm>
  );
}

function Override({ decision, opened, onClose }: DialogProps) {
  const { busy, failure, answer } = useAnswer(decision, onClose);
  const others = ACTIONS.filter((action) => action !== decision.action);
  const [action, setAction] = useState<Action>(others[0] ?? 'proceed');
  const [reason, setReason] = useState('');
  const option = decision.options.find((one) => one.action === action);
  const dearer = option?.feasible ? Number(option.expected_cost_usd) - Number(decision.expected_cost_usd) : null;
  const send = (): void => void answer('override', { action, reason: reason.trim() }, `${decision.shipment_reference}: overridden to ${action}.`);
  return (
    <Confirm opened={opened} danger busy={busy} failure={failure} disabled={reason.trim().length < REASON_MIN} title={`Override for ${decision.shipment_reference}?`} doIt={`Override: ${wordFor(ACTION_WORDS, action).text.toLowerCase()} instead`} onClose={onClose} onDo={send}>
      <p>
        The desk advises to <b>{wordFor(ACTION_WORDS, decision.action).text.toLowerCase()}</b>. Your choice replaces that advice for this shipment, and your name, the time and the reason go into the audit log.
      </p>
      <NativeSelect label="Do this instead" value={action} onChange={(event) => setAction(event.currentTarget.value as Action)} data={others.map((one) => ({ value: one, label: wordFor(ACTION_WORDS, one).text }))} />
      <p aria-live="polite" className={css.dearer}>
        {option && !option.feasible
          ? `The desk holds this course closed: ${option.why_not ?? 'no reason was given'}`
          : dearer === null
            ? 'The desk has no cost for this course.'
            : dearer >= 0
              ? `Expected to cost ${money(Math.round(dearer))} more than the advice.`
              : `Expected to cost ${money(Math.round(-dearer))} less than the advice.`}
      </p>
      <Textarea label="Reason" description={`At least ${REASON_MIN} characters: what you know that the desk does not.`} required withAsterisk={false} autosize minRows={2} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
    </Confirm>
  );
}
