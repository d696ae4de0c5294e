/** A replay that runs, and a stranger who has read the source: neither its webhooks nor its phones are open to them. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { ask, assertProblem } from '../support/ask.ts';
import { deskHome, startDesk, until, type DeskProcess } from '../support/desk.ts';
import { all } from '../support/story.ts';
import { shortScenario } from '../support/short-scenario.ts';

const scenario = shortScenario('hormuz-2026', '2026-02-26', '2026-03-04');
const folder = deskHome();
let desk: DeskProcess;

before(async () => {
  desk = await startDesk({ home: folder.home, args: ['--scenario', scenario.path, '--seconds-per-day', '0'] });
  await until(async () => desk.output().includes('phones '), {
    ended: desk.ended,
    output: desk.output,
    what: 'the welcome',
  });
});
after(async () => {
  await desk[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
  scenario[Symbol.dispose]();
});

/** The secrets of the twins in earlier versions of the source. */
const OLD_APP_SECRET = 'twin-app-secret';
const OLD_BOT_SECRET = 'twin-bot-secret';

/** A WhatsApp reply "1", which acknowledges a decision. */
const REPLY = JSON.stringify({
  object: 'whatsapp_business_account',
  entry: [
    {
      changes: [
        {
          field: 'messages',
          value: {
            messages: [
              { from: '84901234567', id: 'wamid.forged', timestamp: '1772442000', type: 'text', text: { body: '1' } },
            ],
          },
        },
      ],
    },
  ],
});

test('a webhook that is signed with a secret of the source is refused', async () => {
  const signature = `sha256=${createHmac('sha256', OLD_APP_SECRET).update(REPLY).digest('hex')}`;
  const whatsapp = await ask(`${desk.url}/webhooks/whatsapp`, {
    raw: REPLY,
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature },
  });
  assertProblem(whatsapp, 401, 'WEBHOOK_SIGNATURE_INVALID');
  const handshake = await ask(
    `${desk.url}/webhooks/whatsapp?hub.mode=subscribe&hub.verify_token=twin-verify-token&hub.challenge=x`,
  );
  assertProblem(handshake, 403, 'WEBHOOK_HANDSHAKE_REFUSED');
  const telegram = await ask(`${desk.url}/webhooks/telegram`, {
    json: {
      update_id: 1,
      message: { message_id: 1, date: 1_772_442_000, chat: { id: 1, type: 'private' }, text: '1' },
    },
    headers: { 'x-telegram-bot-api-secret-token': OLD_BOT_SECRET },
  });
  assertProblem(telegram, 401, 'WEBHOOK_SIGNATURE_INVALID');
});

test('the twins themselves are believed: every channel of the replay still works', async () => {
  const read = async () => (await all(desk, '/api/v1/alerts')).filter((alert) => alert['status'] === 'read');
  await until(async () => (await read()).length >= 3, {
    ended: desk.ended,
    output: desk.output,
    what: 'three alerts read',
    limitMs: 60_000,
  });
});

test('the link to the phones that the start prints opens them; without its key they stay shut', async () => {
  const printed = /phones\s+(\S+)/.exec(desk.output())![1]!;
  const page = await ask(printed);
  assert.deepEqual([page.status, /What the customers’ phones received/.test(page.text)], [200, true]);
  const bare = new URL(printed);
  bare.search = '';
  assert.equal((await ask(bare.toString())).status, 403);
  const foreign = await ask(printed, { headers: { origin: 'http://evil.example' } });
  assert.equal(foreign.status, 403);
});
