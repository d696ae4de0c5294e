/** Channels that a test scripts: they stand behind the port, where the venue itself is tested elsewhere. */
import { appendFileSync } from 'node:fs';
import type { Contact, MessageChannel, OutgoingMessage, SendOutcome, StatusEvent } from '../ports.ts';

export interface ScriptedChannel extends MessageChannel {
  /** Every call, in order; the channel took it unless its outcome says otherwise. */
  readonly calls: OutgoingMessage[];
  /** Outcomes of the next calls; after them every message is accepted. */
  readonly outcomes: SendOutcome[];
}

export function scriptedChannel(name: MessageChannel['name'], confirms: MessageChannel['confirms'] = 'accepted'): ScriptedChannel {
  const calls: OutgoingMessage[] = [];
  const outcomes: SendOutcome[] = [];
  return {
    name, confirms, calls, outcomes,
    async send(message) {
      calls.push(message);
      return outcomes.shift() ?? { kind: 'accepted', providerId: `${name}-${message.opaque}` };
    },
  };
}

/** Takes every message, and writes it down where it outlives the process: one line a message. */
export const fileChannel = (name: MessageChannel['name'], path: string): MessageChannel => ({
  name,
  confirms: 'accepted',
  async send(message) {
    appendFileSync(path, `${message.opaque}\n`);
    return { kind: 'accepted', providerId: `${name}-${message.opaque}` };
  },
});

export const refused = (code: string, reaction: 'give_up' | 'hold_channel' | 'back_off', retryAfterMs: number | null = null): SendOutcome => ({
  kind: 'refused',
  refusal: { code, message: `refused with ${code}`, reaction, retryAfterMs, counts: true },
});

/** A report of a message that a scripted channel accepted. */
export const reported = (channel: ScriptedChannel, call: number, status: StatusEvent['status'], at: number): StatusEvent => {
  const { opaque } = channel.calls[call]!;
  return { kind: 'status', id: `${opaque}:${status}`, providerId: `${channel.name}-${opaque}`, opaque, status, at, refusal: null, payload: {} };
};

export const PHONE: Contact = Object.freeze({ channel: 'whatsapp', address: '+84901234567' });
export const MAIL: Contact = Object.freeze({ channel: 'email', address: 'lan@saigon-textiles.vn' });
export const ROOM: Contact = Object.freeze({ channel: 'slack', address: 'https://hooks.slack.com/services/T0/B0/customer' });
export const CHAT: Contact = Object.freeze({ channel: 'telegram', address: '424242' });
export const OPERATORS: Contact = Object.freeze({ channel: 'slack', address: 'https://hooks.slack.com/services/T0/B0/operators' });
