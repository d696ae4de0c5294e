// Who is signed in here: tokens in memory and in sessionStorage, so they end with the tab. Not here: what a role may do (the server says).
import { useSyncExternalStore } from 'react';

export interface Session {
  readonly accessToken: string;
  /** Null for a pasted token. */
  readonly refreshToken: string | null;
  readonly subject: string;
  readonly role: string;
}

const KEY = 'bellwether.session';
const listeners = new Set<() => void>();
let current: Session | null = read();

function read(): Session | null {
  try {
    const text = sessionStorage.getItem(KEY);
    const value: unknown = text === null ? null : JSON.parse(text);
    return typeof value === 'object' && value !== null && typeof (value as Session).accessToken === 'string' ? (value as Session) : null;
  } catch {
    return null; // storage refused or spoilt: signed out
  }
}

export const session = (): Session | null => current;

export function setSession(next: Session | null): void {
  current = next;
  try {
    if (next) sessionStorage.setItem(KEY, JSON.stringify(next));
    else sessionStorage.removeItem(KEY);
  } catch {
    // memory alone then: the tab stays signed in until it is reloaded
  }
  for (const listener of listeners) listener();
}

export function onSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useSession = (): Session | null => useSyncExternalStore(onSession, session);
