// The tabs of one browser share one session. A new tab asks, and an open one answers; a renewal and an end go to all of
// them. A BroadcastChannel reaches pages of this origin only.
import { isNewer, isSignedOut, readSession, type Session } from './session-rules.ts';
import { endSession, onSession, session, setSession, signedOutAt, type End } from './session.ts';

type Message =
  | { readonly type: 'ask' }
  | { readonly type: 'session'; readonly session: Session }
  /** `issuedAt` of the session that has ended; `at`: when, epoch ms. */
  | { readonly type: 'end'; readonly end: End; readonly issuedAt: number; readonly at: number };

/** An open tab answers at once, unless it is busy or suspended. Then its answer is taken when it comes. */
const ANSWER_MS = 250;

// Opened at its first use: an open channel keeps a program that only imports this module (a test) from ending.
let opened: BroadcastChannel | null = null;
const channel = (): BroadcastChannel | null =>
  typeof BroadcastChannel === 'undefined' ? null : (opened ??= new BroadcastChannel('bellwether.session'));
const send = (message: Message): void => channel()?.postMessage(message);
const adopted = new Set<() => void>();

/** Starts to share this tab's session. */
export function shareSession(): void {
  channel()?.addEventListener('message', ({ data }: MessageEvent<unknown>) => receive(data));
  onSession(({ session: next, before, end, origin }) => {
    if (origin === 'tab') return;
    if (next) send({ type: 'session', session: next });
    else if (before && end) send({ type: 'end', end, issuedAt: before.issuedAt, at: Date.now() });
  });
}

function receive(data: unknown): void {
  if (typeof data !== 'object' || data === null) return;
  const message = data as {
    readonly type?: unknown;
    readonly session?: unknown;
    readonly end?: unknown;
    readonly issuedAt?: unknown;
    readonly at?: unknown;
  };
  const held = session();
  if (message.type === 'ask' && held) send({ type: 'session', session: held });
  if (message.type === 'session') {
    const other = readSession(message.session);
    // An answer that comes late must not bring back a session that was signed out.
    if (!other || !isNewer(other, held) || isSignedOut(other, signedOutAt())) return;
    setSession(other, 'tab');
    for (const done of adopted) done();
  }
  if (message.type === 'end' && held) {
    // A tab that slept hears of a sign-out that was before its newer session.
    if (message.end === 'signed-out') {
      if (typeof message.at === 'number' && isSignedOut(held, message.at)) endSession('signed-out', 'tab');
    }
    // A session that was renewed since is not the one that has ended.
    else if (typeof message.issuedAt === 'number' && held.issuedAt <= message.issuedAt) endSession('ended', 'tab');
  }
}

/** Asks the other tabs for a newer session. Returns when this tab has one, or when none has answered in time. */
export async function askTabs(limitMs: number = ANSWER_MS): Promise<void> {
  if (!channel()) return;
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
