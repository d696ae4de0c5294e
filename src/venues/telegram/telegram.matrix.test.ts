import assert from 'node:assert/strict';
import type { ChannelEvent } from '../../flow/alerts/ports.ts';
import { ManualClock } from '../../model/time.ts';
import { venueMatrix, type MatrixRig } from '../matrix.ts';
import { directOutbound } from '../test-support/direct-outbound.ts';
import { createTelegramClient } from './client.ts';
import { startTelegramTwin, type TelegramTwin, type TwinUpdate } from './twin.ts';
import { createTelegramWebhook } from './webhook.ts';

const clock = new ManualClock('2026-03-02T09:00:00Z');
const ACCOUNT = { token: '123456:AAtwin-token-of-thirty-five-characters', webhookSecret: 'hook-secret' };
const webhook = createTelegramWebhook({ secret: ACCOUNT.webhookSecret, clock });

interface Sent {
  readonly twin: TelegramTwin;
  readonly id: string;
}

const eventsOf = (update: TwinUpdate): readonly ChannelEvent[] => {
  const read = webhook.read(Buffer.from(update.body), update.secret);
  assert.ok(read.kind === 'events' && read.skipped === 0);
  return read.events;
};

/** Two messages, the first answered by a button, the second in words. */
async function answers(rig: MatrixRig<Sent>): Promise<readonly [TwinUpdate, TwinUpdate]> {
  const { twin } = await rig.act();
  await rig.act();
  const [first, second] = twin.messages();
  return [twin.press(first!, 0), twin.say(42, '2', second!)];
}

venueMatrix<Sent>({
  venue: 'telegram',
  start: async (deadlineMs) => {
    const twin = await startTelegramTwin({ ...ACCOUNT, clock });
    const client = createTelegramClient(directOutbound(), { baseUrl: twin.url, token: ACCOUNT.token, deadlineMs });
    let sent = 0;
    const act = async (): Promise<Sent> => {
      sent += 1;
      const { messageId } = await client.sendMessage({ chatId: '42', html: `<b>Reroute</b> ${sent}`, buttons: ['1', '2', '3'].map((n) => ({ text: n, data: `${n}:alr_${'0'.repeat(24)}:1:${sent}` })) });
      return { twin, id: messageId };
    };
    return { twin, act, [Symbol.asyncDispose]: () => twin.close() };
  },
  whole: ({ twin, id }) => {
    const shown = twin.messages().filter((m) => `${m.chatId}:${m.messageId}` === id);
    assert.deepEqual(shown.map((m) => [/^Reroute \d+$/.test(m.text), m.buttons.length]), [[true, 3]]);
  },
  instead: {
    V07: async (rig) => {
      const [press, words] = await answers(rig);
      for (const update of [press, words]) assert.deepEqual(eventsOf(update), eventsOf(update), 'a repeated update has the ids of the first');
      assert.equal(new Set([press, press, words].flatMap(eventsOf).map((e) => e.id)).size, 3);
    },
    V08: async (rig) => {
      const updates = await answers(rig);
      const told = (list: readonly TwinUpdate[]): readonly string[] => list.flatMap(eventsOf).map((e) => JSON.stringify(e)).sort();
      assert.deepEqual(told(updates), told(updates.toReversed()), 'each update tells the same, whatever came before it');
    },
  },
});
