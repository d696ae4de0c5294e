import assert from 'node:assert/strict';
import type { OutgoingMessage } from '../../flow/alerts/ports.ts';
import { venueMatrix, type MatrixRig } from '../matrix.ts';
import { directOutbound } from '../test-support/direct-outbound.ts';
import { createEmailClient } from './client.ts';
import { composeMail } from './compose.ts';
import { startEmailTwin, type EmailTwin } from './twin.ts';
import { readSmtpUrl } from './smtp-url.ts';

interface Sent {
  readonly twin: EmailTwin;
  readonly message: OutgoingMessage;
  readonly response: string;
}

interface Rig extends MatrixRig<Sent> {
  readonly twin: EmailTwin;
  send(n: number, attempt?: number): Promise<Sent>;
}

const message = (n: number, attempt: number): OutgoingMessage => ({
  to: 'desk@customer.example', language: 'en', headline: `Reroute booking ${n}`, body: 'Chance of a closure: 42 %.', deadline: 'Tue 3 Mar 2026, 14:00 (UTC)', severity: 'high', link: null, opaque: `alr_${'0'.repeat(24)}:${attempt}:${n}`,
});

venueMatrix<Sent>({
  venue: 'email',
  start: async (deadlineMs): Promise<Rig> => {
    const twin = await startEmailTwin({ login: { user: 'desk', password: 'p@ss:word/1' } });
    const client = createEmailClient(directOutbound(), { server: readSmtpUrl(twin.url)!, from: { name: 'Bellwether', address: 'alerts@desk.example' }, deadlineMs });
    let sent = 0;
    const send = async (n: number, attempt = 1): Promise<Sent> => {
      const m = message(n, attempt);
      const { response } = await client.send(composeMail(m, 'desk.example'), () => undefined);
      return { twin, message: m, response };
    };
    return { twin, send, act: () => send((sent += 1)), [Symbol.asyncDispose]: () => twin.close() };
  },
  whole: ({ twin, message: m, response }) => {
    assert.match(response, /^250 /);
    const got = twin.inbox().filter((mail) => mail.raw.includes(m.headline));
    assert.deepEqual(got.map((mail) => [mail.from, mail.to]), [['alerts@desk.example', ['desk@customer.example']]]);
  },
  instead: {
    V02: async (rig) => {
      rig.twin.faults.set([{ kind: 'rate_limited', retry_after_s: 7 }]);
      await assert.rejects(rig.act(), (e: { code: string; occurrence: { facts: object; retryAfterSeconds?: number } }) => {
        assert.deepEqual([e.code, e.occurrence.facts, e.occurrence.retryAfterSeconds], ['VENUE_REFUSED', { venue_code: '451/4.7.1/sender' }, undefined], 'SMTP names no time: the code’s own wait is taken');
        return true;
      });
    },
    V03: async (rig) => {
      rig.twin.faults.set([{ kind: 'server_error' }]);
      await assert.rejects(rig.act(), (e: { occurrence: { facts: object } }) => {
        assert.deepEqual(e.occurrence.facts, { venue_code: '421/4.3.2/sender' });
        return true;
      });
    },
    V07: async (rig) => {
      const { twin, send } = rig as Rig;
      await send(900, 1);
      await send(900, 2);
      assert.equal(twin.mails().length, 2);
      assert.equal(twin.inbox().length, 1, 'a second try has the Message-ID of the first');
    },
  },
  without: { V08: 'a call carries one message: there is no order to break', V09: 'neither side reads the other’s clock: the stage orders mails by its own' },
});
