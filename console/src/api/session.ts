// The session of this tab: in memory and in sessionStorage, so it ends with the tab. Not here: other tabs (tabs.ts),
// renewal (renewal.ts), and what a role may do (the server says).
import { useSyncExternalStore } from 'react';
import { isSignedOut, readSession, type Session } from './session-rules.ts';

export type { Session } from './session-rules.ts';

/** `ended`: the desk refuses the session, and it cannot be renewed. */
export type End = 'signed-out' | 'ended';

export interface SessionChange {
  readonly session: Session | null;
  readonly before: Session | null;
  /** Why the session is over; null for a new or renewed one. */
  readonly end: End | null;
  /** `tab`: another tab of this browser made the change. */
  readonly origin: 'here' | 'tab';
}

const KEY = 'bellwether.session';
/** In localStorage: times, no secrets. */
const SIGNED_OUT_KEY = 'bellwether.signed-out-at';
const NEWEST_KEY = 'bellwether.session-issued-at';

const listeners = new Set<(change: SessionChange) => void>();
let current: Session | null = stored();
let lastEnd: End | null = null;

function stored(): Session | null {
  try {
    const held = readSession(JSON.parse(sessionStorage.getItem(KEY) ?? 'null'));
    return held && isSignedOut(held, signedOutAt()) ? null : held;
  } catch {
    return null; // storage is blocked or its content is not ours: signed out
  }
}

/** When somebody signed out in this browser last, epoch ms. */
export function signedOutAt(): number | null {
  try {
    const at = localStorage.getItem(SIGNED_OUT_KEY);
    return at === null ? null : Number(at);
  } catch {
    return null; // storage is blocked: nobody knows
  }
}

function store(next: Session | null, end: End | null, origin: SessionChange['origin']): void {
  try {
    if (next) {
      sessionStorage.setItem(KEY, JSON.stringify(next));
      localStorage.setItem(NEWEST_KEY, String(next.issuedAt));
    } else sessionStorage.removeItem(KEY);
    // The tab in which it happened notes the time: one that hears of it may do so much later.
    if (end === 'signed-out' && origin === 'here') localStorage.setItem(SIGNED_OUT_KEY, String(Date.now()));
  } catch {
    // storage is blocked: the session is in memory alone, until the tab is reloaded
  }
}

function change(next: Session | null, end: End | null, origin: SessionChange['origin']): void {
  const before = current;
  current = next;
  lastEnd = end;
  store(next, end, origin);
  for (const listener of listeners) listener({ session: next, before, end, origin });
}

export const session = (): Session | null => current;

/** True when a tab of this browser has got a newer session than this one. */
export function isOutdated({ issuedAt }: Session): boolean {
  try {
    return Number(localStorage.getItem(NEWEST_KEY)) > issuedAt;
  } catch {
    return false; // storage is blocked: nobody knows
  }
}

/** Why this tab has no session; null when it had none yet. */
export const sessionEnd = (): End | null => lastEnd;

export const setSession = (next: Session, origin: SessionChange['origin'] = 'here'): void => change(next, null, origin);

/** Ends the session of this tab. A second call does nothing. */
export function endSession(end: End, origin: SessionChange['origin'] = 'here'): void {
  if (current !== null) change(null, end, origin);
}

export function onSession(listener: (change: SessionChange) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useSession = (): Session | null => useSyncExternalStore(onSession, session);
