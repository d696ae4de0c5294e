// The tabs of one browser share one session. A new tab asks, and an open one answers; a renewal and an end go to all of
// them. A BroadcastChannel reaches pages of this origin only.
import { isNewer, readSession, type Session } from './session-rules.ts';
import { endSession, onSession, session, setSession, type End } from './session.ts';

type Message =
  | { readonly type: 'ask' }
  | { readonly type: 'session'; readonly session: Session }
  /** `issuedAt` of the session that has ended. */
  | { readonly type: 'end'; readonly end: End; readonly issuedAt: number };

/** An open tab answers at once, unless it is busy or suspended. Then its answer is taken when it comes. */
const ANSWER_MS = 250;

const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('bellwether.session');
const send = (message: Message): void => channel?.postMessage(message);
const adopted = new Set<() => void>();

/** Starts to share this tab's session. */
export function shareSession(): void {
  channel?.addEventListener('message', ({ data }: MessageEvent<unknown>) => receive(data));
  onSession(({ session: next, before, end, origin }) => {
    if (origin === 'tab') return;
    if (next) send({ type: 'session', session: next });
    else if (before && end) send({ type: 'end', end, issuedAt: before.issuedAt });
  });
}

function receive(data: unknown): void {
  if (typeof data !== 'object' || data === null) return;
  const message = data as {
    readonly type?: unknown;
    readonly session?: unknown;
    readonly end?: unknown;
    readonly issuedAt?: unknown;
  };
  const held = session();
  if (message.type === 'ask' && held) send({ type: 'session', session: held });
  if (message.type === 'session') {
    const other = readSession(message.session);
    if (!other || !isNewer(other, held)) return;
    setSession(other, 'tab');
    for (const done of adopted) done();
  }
  if (message.type === 'end' && held) {
    if (message.end === 'signed-out') endSession('signed-out', 'tab');
    // A session that was renewed since is not the one that has ended.
    else if (typeof message.issuedAt === 'number' && held.issuedAt <= message.issuedAt) endSession('ended', 'tab');
  }
}

/** Asks the other tabs for a newer session. Returns when this tab has one, or when none has answered in time. */
export async function askTabs(limitMs: number = ANSWER_MS): Promise<void> {
  if (!channel) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      window.clearTimeout(timer);
      adopted.delete(done);
      resolve();
    };
    const timer = window.setTimeout(done, limitMs);
    adopted.add(done);
    send({ type: 'ask' });
  });
}
