import assert from 'node:assert/strict';
import type { OutgoingMessage } from '../../flow/alerts/ports.ts';
import { ManualClock } from '../../model/time.ts';
import { venueMatrix, type MatrixCase, type MatrixRig } from '../matrix.ts';
import { directOutbound } from '../test-support/direct-outbound.ts';
import { post, type HookProtocol } from './hook.ts';
import { SLACK } from './slack.ts';
import { TEAMS } from './teams.ts';
import { startChatTwin, type ChatTwin } from './twin.ts';
import { webhookProtocol } from './webhook.ts';

const clock = new ManualClock('2026-03-02T09:00:00Z');
const SECRET = 'a-secret-for-the-matrix';
const ONE_A_CALL = 'a call carries one message: there is no order to break';

interface Sent {
  readonly twin: ChatTwin;
  readonly message: OutgoingMessage;
}

interface Rig extends MatrixRig<Sent> {
  readonly twin: ChatTwin;
  send(n: number): Promise<Sent>;
}

const messageTo = (to: string, n: number): OutgoingMessage => ({
  to, language: 'en', headline: `Reroute booking ${n}`, body: 'Chance of a closure: 42 %.', deadline: 'Tue 3 Mar 2026, 14:00 (UTC)', severity: 'high', link: 'https://desk.example/decisions/dec_1', opaque: `alr_${'0'.repeat(24)}:1:${n}`,
});

function subject(protocol: HookProtocol, urlOf: (twin: ChatTwin) => string, more: { instead?: Partial<Record<MatrixCase, (rig: MatrixRig<Sent>) => Promise<void>>>; without: Partial<Record<MatrixCase, string>> }): void {
  venueMatrix<Sent>({
    venue: protocol.name,
    start: async (deadlineMs): Promise<Rig> => {
      const twin = await startChatTwin({ clock, secret: SECRET });
      const settings = { outbound: directOutbound(), allowPrivate: true, deadlineMs };
      let sent = 0;
      const send = async (n: number): Promise<Sent> => {
        const message = messageTo(urlOf(twin), n);
        await post(protocol, settings, new URL(message.to), message);
        return { twin, message };
      };
      return { twin, send, act: () => send((sent += 1)), [Symbol.asyncDispose]: () => twin.close() };
    },
    whole: ({ twin, message }) => {
      const shown = twin.posts().filter((p) => JSON.stringify(p.body).includes(message.headline));
      assert.deepEqual(shown.map((p) => p.to), [protocol.name]);
    },
    ...more,
  });
}

subject(SLACK, (twin) => twin.slackUrl, { without: { V07: 'Slack has no key by which it knows a repeat: a reply that was lost is told as unknown (V10)', V08: ONE_A_CALL } });
subject(TEAMS, (twin) => twin.teamsUrl, { without: { V06: 'a workflow takes a message with an empty 202: there is no body to be malformed', V07: 'a workflow has no key by which it knows a repeat: a reply that was lost is told as unknown (V10)', V08: ONE_A_CALL } });
subject(webhookProtocol({ clock, secret: SECRET }), (twin) => twin.webhookUrl, {
  without: { V06: 'any 2xx is a receipt: its body is not read', V08: ONE_A_CALL },
  instead: {
    V07: async (rig) => {
      const { twin, send } = rig as Rig;
      await send(900);
      await send(900);
      assert.equal(twin.posts().length, 1, 'a message sent twice has one key, and is shown once');
      assert.equal(twin.counters().total, 2);
    },
    V09: async (rig) => {
      rig.twin.faults.set([{ kind: 'clock_skew', ms: 30 * 86_400_000 }]);
      await assert.rejects(rig.act(), { code: 'VENUE_REFUSED' }, 'a receiver whose clock is a month ahead takes no signature of today');
      assert.equal((rig as Rig).twin.posts().length, 0);
    },
  },
});
