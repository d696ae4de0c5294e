/**
 * A producer in a process of its own: signs as docs/signals.md describes, without any code of the desk, and posts.
 * It reads one order per line (JSON: body, timestamp, and how to sign wrongly) and writes one reply per line.
 */
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';

export interface Order {
  /** Sent as it is. */
  readonly body: string;
  /** Epoch seconds or milliseconds. */
  readonly timestamp: string;
  /** Default: a new one for each order. */
  readonly nonce?: string;
  /** Default: computed from the order. */
  readonly signature?: string;
  /** Default: TEST_SECRET. */
  readonly secret?: string;
  /** The target that is signed. Default: the one that is sent. */
  readonly signedTarget?: string;
}

export interface Reply {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly nonce: string;
  readonly signature: string;
}

const { TEST_URL: url = '', TEST_KEY: key = '', TEST_SECRET: secret = '' } = process.env;
const TARGET = '/api/v1/signals';

for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line) as Order;
  const nonce = order.nonce ?? randomUUID();
  const bodyHash = createHash('sha256').update(order.body).digest('hex');
  const text = ['bellwether-v2', 'POST', order.signedTarget ?? TARGET, order.timestamp, nonce, bodyHash].join('\n');
  const signature = order.signature ?? `v2=${createHmac('sha256', order.secret ?? secret).update(text).digest('hex')}`;
  const headers = {
    'content-type': 'application/json',
    'x-bellwether-key': key,
    'x-bellwether-timestamp': order.timestamp,
    'x-bellwether-nonce': nonce,
    'x-bellwether-signature': signature,
  };
  const reply = await fetch(url + TARGET, { method: 'POST', headers, body: order.body });
  process.stdout.write(`${JSON.stringify({ status: reply.status, body: await reply.json(), nonce, signature })}\n`);
}
