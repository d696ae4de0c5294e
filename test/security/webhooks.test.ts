/** Hostile values in webhooks that the channel has signed: people write any character, and none may make the desk fail. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACCOUNT, startWorld } from '../../src/flow/alerts/test-support/world.ts';
import { ManualClock } from '../../src/model/time.ts';
import { createTelegramWebhook } from '../../src/venues/telegram/index.ts';
import { signatureOf } from '../../src/venues/whatsapp/webhook.ts';
import { freshDatabase } from '../support/database.ts';
import { attacksOn } from './support/attacks.ts';
import { TELEGRAM, WHATSAPP, type Example } from './support/examples.ts';
import type { Route } from './support/routes.ts';
import { closeConnections, send } from './support/send.ts';

const SECRET = 'right';
const CHANNELS: readonly (readonly [path: string, example: Example])[] = [
  [
    '/webhooks/whatsapp',
    {
      body: WHATSAPP,
      headersFor: (body) => ({ 'x-hub-signature-256': signatureOf(body, ACCOUNT.appSecret) }),
    },
  ],
  ['/webhooks/telegram', { body: TELEGRAM, headersFor: () => ({ 'x-telegram-bot-api-secret-token': SECRET }) }],
];

test('a signed webhook with a hostile value is accepted, skipped or refused, and never fails', async () => {
  await using db = await freshDatabase();
  const telegram = createTelegramWebhook({ secret: SECRET, clock: new ManualClock('2026-03-02T09:00:00Z') });
  await using world = await startWorld(db, {}, {}, { telegram });
  const faults: string[] = [];
  for (const [path, example] of CHANNELS) {
    const route: Route = { door: 'api', method: 'POST', path, params: [], query: [], body: null };
    let accepted = 0;
    for (const attack of attacksOn(route, example, { token: 'x', paramOf: () => '' })) {
      const { status, text } = await send(world.url, attack);
      if (status >= 200 && status < 300) accepted += 1;
      const unstorable = text.includes('VALUE_NOT_STORABLE');
      if (status >= 500 || unstorable) faults.push(`${path}, ${attack.what}: ${status} ${text.slice(0, 200)}`);
    }
    assert.ok(accepted > 100, `${path}: the signature is right`);
  }
  closeConnections();
  assert.deepEqual(faults, []);
});
