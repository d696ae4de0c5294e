// The ways to reach a customer, in the order in which they are tried. A stored address is never shown whole: left empty, it is kept.
import { ActionIcon, Button, NativeSelect, TextInput } from '@mantine/core';
import type { Channel } from '../../api/customers.ts';
import { Icon } from '../../ui/icons.tsx';
import css from './customers.module.css';
import { freeChannels, moved, type ContactField, type FieldErrors } from './form-rules.ts';
import { ADDRESS_HINTS, CHANNEL_WORDS } from './words.ts';

interface Props {
  readonly contacts: readonly ContactField[];
  /** Masked addresses of what is stored. */
  readonly kept: ReadonlyMap<Channel, string>;
  readonly errors: FieldErrors;
  readonly onChange: (contacts: readonly ContactField[]) => void;
}

export function ContactRows({ contacts, kept, errors, onChange }: Props) {
  const replace = (at: number, change: Partial<ContactField>): void => onChange(contacts.map((one, i) => (i === at ? { ...one, ...change } : one)));
  const free = freeChannels(contacts, null);
  return (
    <fieldset className={css.group}>
      <legend>Told by, in this order</legend>
      <p className={css.help}>The next way is tried when one fails or stays unread too close to the deadline.{kept.size > 0 && ' A stored address is not shown whole; leave its field empty to keep it.'}</p>
      <ol className={css.rows}>
        {contacts.map(({ channel, address }, i) => (
          <li key={channel}>
            <span className={css.rank} aria-hidden="true">{i + 1}.</span>
            <NativeSelect aria-label={`Way ${i + 1}`} value={channel} onChange={(event) => replace(i, { channel: event.currentTarget.value as Channel, address: '' })} error={errors[`contacts[${i}].channel`]} data={freeChannels(contacts, channel).map((value) => ({ value, label: CHANNEL_WORDS[value] }))} />
            <TextInput
              aria-label={`${CHANNEL_WORDS[channel]} address`}
              name={`address-${channel}`}
              placeholder={kept.has(channel) ? `${kept.get(channel)} (stored)` : undefined}
              description={kept.has(channel) && address === '' ? 'Left empty, the stored address is kept.' : ADDRESS_HINTS[channel]}
              inputWrapperOrder={['input', 'description', 'error']}
              value={address}
              onChange={(event) => replace(i, { address: event.currentTarget.value })}
              error={errors[`contacts[${i}].address`] ?? (channel === 'whatsapp' ? errors['whatsapp'] : undefined)}
              autoComplete="off"
            />
            <span className={css.moves}>
              <ActionIcon variant="default" size={34} disabled={i === 0} onClick={() => onChange(moved(contacts, i, -1))} aria-label={`Try ${CHANNEL_WORDS[channel]} earlier`} title="Earlier"><Icon name="up" size={14} /></ActionIcon>
              <ActionIcon variant="default" size={34} disabled={i === contacts.length - 1} onClick={() => onChange(moved(contacts, i, 1))} aria-label={`Try ${CHANNEL_WORDS[channel]} later`} title="Later"><Icon name="down" size={14} /></ActionIcon>
              <ActionIcon variant="default" size={34} onClick={() => onChange(contacts.filter((_, at) => at !== i))} aria-label={`Remove ${CHANNEL_WORDS[channel]}`} title="Remove"><Icon name="cross" size={14} /></ActionIcon>
            </span>
          </li>
        ))}
      </ol>
      <p className={css.wrong} role="alert">{errors['contacts']}</p>
      {free.length > 0 && (
        <Button variant="default" size="xs" mt={10} onClick={() => onChange([...contacts, { channel: free[0]!, address: '' }])}>
          Add a way
        </Button>
      )}
    </fieldset>
  );
}
