import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChannelEvent } from '../../flow/alerts/ports.ts';
import { ManualClock } from '../../model/time.ts';
import { venueMatrix, type MatrixRig } from '../matrix.ts';
import { directOutbound } from '../test-support/direct-outbound.ts';
import { createWhatsAppClient, createWhatsAppWebhook, startWhatsAppTwin, type WhatsAppTwin } from './index.ts';

const clock = new ManualClock('2026-03-02T09:00:00Z');
const ACCOUNT = { accessToken: 'token', phoneNumberId: '1066', appSecret: 'secret', verifyToken: 'verify' };

interface Sent {
  readonly twin: WhatsAppTwin;
  readonly wamid: string;
}

/** The events of one send's webhooks, in the order in which they came. */
async function heard(rig: MatrixRig<Sent>, script: Parameters<WhatsAppTwin['script']['set']>[0]): Promise<readonly ChannelEvent[]> {
  const bodies: { readonly raw: Buffer; readonly signature: string }[] = [];
  const desk = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    bodies.push({ raw: Buffer.concat(chunks), signature: String(request.headers['x-hub-signature-256']) });
    response.end();
  });
  await new Promise<void>((done) => desk.listen(0, '127.0.0.1', done));
  const { twin } = rig as unknown as { twin: WhatsAppTwin };
  twin.callback(`http://127.0.0.1:${(desk.address() as AddressInfo).port}/`);
  twin.script.set(script);
  await rig.act();
  for (let i = 0; i < 2_000 && twin.pendingWebhooks() > 0; i += 1) await new Promise((done) => setTimeout(done, 5));
  desk.closeAllConnections();
  await new Promise((done) => desk.close(done));
  const webhook = createWhatsAppWebhook(ACCOUNT);
  return bodies.flatMap(({ raw, signature }) => {
    const read = webhook.read(raw, signature);
    return read.kind === 'events' ? read.events : assert.fail(read.kind);
  });
}

venueMatrix<Sent>({
  venue: 'whatsapp',
  start: async (deadlineMs) => {
    const folder = mkdtempSync(join(tmpdir(), 'bw-matrix-'));
    const twin = await startWhatsAppTwin({ ...ACCOUNT, journalPath: join(folder, 'phone.ndjson'), clock, delaysMs: { sent: 0, delivered: 0, read: 0 } });
    const client = createWhatsAppClient(directOutbound(), { ...ACCOUNT, baseUrl: twin.url, apiVersion: 'v23.0', deadlineMs });
    let sent = 0;
    const act = async (): Promise<Sent> => {
      const { wamid } = await client.sendTemplate({ to: '+84901234567', template: 'risk_decision', language: 'en', parameters: ['a', 'b', 'c'], opaque: `mark ${(sent += 1)}` });
      return { twin, wamid };
    };
    const end = async (): Promise<void> => {
      await twin.close();
      rmSync(folder, { recursive: true, force: true });
    };
    return { twin, act, [Symbol.asyncDispose]: end };
  },
  whole: ({ twin, wamid }) => assert.equal(twin.messages().filter((m) => m.wamid === wamid).length, 1),
  instead: {
    V07: async (rig) => {
      const events = await heard(rig, { duplicated: true });
      assert.equal(events.length, 6);
      assert.equal(new Set(events.map((e) => e.id)).size, 3, 'a repeated webhook has the id of the first');
    },
    V08: async (rig) => {
      const events = await heard(rig, { reordered: true });
      assert.deepEqual(events.map((e) => e.kind === 'status' && e.status).sort(), ['delivered', 'read', 'sent']);
      assert.ok(events.every((e) => e.kind === 'status' && e.opaque === 'mark 1'), 'each tells by itself whose it is');
    },
  },
});
