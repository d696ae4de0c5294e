// The state before the console: it looks for a session in other tabs, redeems a sign-in link, or shows the sign-in page.
import { useSyncExternalStore } from 'react';
import { ApiError } from '../api/client.ts';
import { onLinkCode } from '../api/link-code.ts';
import { onSession, session } from '../api/session.ts';
import { signInWithLink } from '../api/sign-in.ts';
import { askTabs, shareSession } from '../api/tabs.ts';
import { notify } from '../ui/notices.tsx';
import { sentence } from './sign-in-words.ts';

/** Why a sign-in link did not sign in. */
export interface LinkRefusal {
  readonly words: string;
  /** The code again, when the desk could not be asked; null when the link is of no use any more. */
  readonly retry: string | null;
}

export type Entry =
  | { readonly at: 'looking' }
  | { readonly at: 'redeeming' }
  /** The console where somebody is signed in, else the sign-in page. */
  | { readonly at: 'ready'; readonly refusal: LinkRefusal | null };

let entry: Entry = { at: 'ready', refusal: null };
const listeners = new Set<() => void>();

function set(next: Entry): void {
  entry = next;
  for (const listener of listeners) listener();
}

export const useEntry = (): Entry =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => entry,
  );

/** Called once, before the first render. */
export function startEntry(): void {
  shareSession();
  onLinkCode((code) => void redeem(code));
  onSession(({ session: next }) => {
    if (next && entry.at === 'ready' && entry.refusal) set({ at: 'ready', refusal: null });
  });
  if (entry.at === 'ready' && !session()) void look();
}

async function look(): Promise<void> {
  set({ at: 'looking' });
  await askTabs();
  if (entry.at === 'looking') set({ at: 'ready', refusal: null });
}

/** Somebody who is signed in already stays so until the link has been accepted. */
export async function redeem(code: string): Promise<void> {
  set({ at: 'redeeming' });
  try {
    await signInWithLink(code);
    set({ at: 'ready', refusal: null });
  } catch (error) {
    const refusal = refusalOf(error, code);
    // The link opens a new tab; the browser may be signed in already in another one.
    if (!session()) await askTabs();
    if (session()) notify('bad', `${refusal.words} You are still signed in as before.`);
    set({ at: 'ready', refusal: session() ? null : refusal });
  }
}

function refusalOf(error: unknown, code: string): LinkRefusal {
  if (!(error instanceof ApiError))
    return { words: 'The sign-in link could not be used. Make another one.', retry: null };
  const mayRetry = error.trouble === 'unreachable' || error.trouble === 'busy';
  const fix = error.code === 'ORIGIN_NOT_ALLOWED' && error.fix ? ` ${sentence(error.fix)}` : '';
  return { words: sentence(error.message) + fix, retry: mayRetry ? code : null };
}
