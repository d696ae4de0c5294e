/** The twin's outgoing side: signed webhooks, each posted until it is answered with 2xx, as WhatsApp does. */
import type { Clock, Millis } from '../../model/time.ts';
import { signatureOf } from './webhook.ts';

/** Waits; ends early, by rejecting, when the signal does. Injected, so that tests move time themselves. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

export interface WebhookTarget {
  readonly callbackUrl: string;
  readonly appSecret: string;
  readonly phoneNumberId: string;
}

export interface WebhookPoster {
  /** Posts `value` at `due`, then again with growing waits until it is answered with 2xx; then calls `told`. */
  post(value: object, due: Millis, told: () => void): void;
  /** How many are still to be answered. */
  pending(): number;
  /** Those under way are given up: the journal knows them. */
  close(): Promise<void>;
}

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;
const ANSWER_WITHIN_MS = 10_000;

export function webhookPoster(target: () => WebhookTarget | null, clock: Clock, wait: Wait): WebhookPoster {
  const closed = new AbortController();
  const running = new Set<Promise<void>>();

  async function deliver(value: object, due: Millis): Promise<void> {
    if (due > clock.now()) await wait(due - clock.now(), closed.signal);
    for (let retry = FIRST_RETRY_MS; !closed.signal.aborted; retry = Math.min(LONGEST_RETRY_MS, retry * 2)) {
      const to = target();
      if (to && (await postOnce(to, value, closed.signal))) return;
      closed.signal.throwIfAborted();
      await wait(retry, closed.signal);
    }
    closed.signal.throwIfAborted();
  }

  return {
    post(value, due, told) {
      const task: Promise<void> = deliver(value, due)
        .then(told, (error: unknown) => {
          if (!closed.signal.aborted) throw error;
        })
        .finally(() => running.delete(task));
      running.add(task);
    },
    pending: () => running.size,
    async close() {
      closed.abort();
      await Promise.allSettled(running);
    },
  };
}

async function postOnce(to: WebhookTarget, value: object, signal: AbortSignal): Promise<boolean> {
  const body = JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [{ id: 'twin', changes: [{ field: 'messages', value: { messaging_product: 'whatsapp', metadata: { display_phone_number: '15550000000', phone_number_id: to.phoneNumberId }, ...value } }] }],
  });
  try {
    const response = await fetch(to.callbackUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': signatureOf(body, to.appSecret) },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
