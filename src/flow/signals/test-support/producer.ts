/**
 * A producer in a process of its own: signs as docs/signals.md says, with nothing of the desk's code, and posts.
 * Reads one order a line (JSON: body, timestamp, and how to sign wrongly), writes one reply a line.
 */
import { createHmac } from 'node:crypto';
import { createInterface } from 'node:readline';

export interface Order {
  /** Sent as it is. */
  readonly body: string;
  /** Epoch seconds or milliseconds. */
  readonly timestamp: string;
  /** Default: made from the two above. */
  readonly signature?: string;
  /** Default: TEST_SECRET. */
  readonly secret?: string;
}

export interface Reply {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly signature: string;
}

const { TEST_URL: url = '', TEST_KEY: key = '', TEST_SECRET: secret = '' } = process.env;

for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line) as Order;
  const signature = order.signature ?? createHmac('sha256', order.secret ?? secret).update(`${order.timestamp}.${order.body}`).digest('hex');
  const headers = { 'content-type': 'application/json', 'x-bellwether-key': key, 'x-bellwether-timestamp': order.timestamp, 'x-bellwether-signature': signature };
  const reply = await fetch(`${url}/api/v1/signals`, { method: 'POST', headers, body: order.body });
  process.stdout.write(`${JSON.stringify({ status: reply.status, body: await reply.json(), signature })}\n`);
}
