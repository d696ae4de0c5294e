// The live connection: one WebSocket, told apart from the queries that it makes old. Loss is allowed; `hello` asks for everything again.
import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { backoffMs, isFixed, keysTouchedBy, readEvent, type LiveEvent } from './live-rules.ts';
import { onSession, session } from './session.ts';
import type { DeskStatus } from './types.ts';

export type LiveState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open' }
  /** `retryAt`: epoch ms of the next try. */
  | { readonly kind: 'lost'; readonly retryAt: number; readonly since: number };

/** At most one round of refetches in this time, however fast the replay runs. */
const FLUSH_MS = 700;
/** A connection that lasted this long starts the backoff anew. */
const SETTLED_MS = 5_000;

let state: LiveState = { kind: 'connecting' };
const stateListeners = new Set<() => void>();
const eventListeners = new Set<(event: LiveEvent) => void>();
let retryNow: () => void = () => {};

function setState(next: LiveState): void {
  state = next;
  for (const listener of stateListeners) listener();
}

export const useLiveState = (): LiveState =>
  useSyncExternalStore(
    (listener) => {
      stateListeners.add(listener);
      return () => stateListeners.delete(listener);
    },
    () => state,
  );

export const retryConnection = (): void => retryNow();

/** Every event as it comes, for announcements. */
export function onLiveEvent(listener: (event: LiveEvent) => void): () => void {
  eventListeners.add(listener);
  return () => eventListeners.delete(listener);
}

/** Opens the connection and keeps it. @returns a function that closes it for good */
export function connectLive(client: QueryClient): () => void {
  const refresh = throttledRefresh(client);
  let socket: WebSocket | null = null;
  let timer: number | undefined;
  let attempt = 0;
  let lostSince: number | null = null;
  let stopped = false;

  const open = (): void => {
    window.clearTimeout(timer);
    if (stopped) return;
    const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const opened = new WebSocket(`${scheme}//${location.host}/ws/events`);
    socket = opened;
    let openedAt = 0;
    opened.addEventListener('open', () => {
      openedAt = performance.now();
      // A browser cannot set headers on a WebSocket, and a token in the address would end in logs: it goes as the first message.
      const held = session();
      if (held) opened.send(JSON.stringify({ type: 'authenticate', access_token: held.accessToken }));
      lostSince = null;
      setState({ kind: 'open' });
    });
    opened.addEventListener('message', ({ data }) => {
      const event = readEvent(data);
      if (!event) return;
      patchClock(client, event);
      refresh(keysTouchedBy(event.type));
      for (const listener of eventListeners) listener(event);
    });
    opened.addEventListener('close', () => {
      if (stopped || socket !== opened) return;
      if (openedAt > 0 && performance.now() - openedAt > SETTLED_MS) attempt = 0;
      const wait = backoffMs(attempt, Math.random());
      attempt += 1;
      lostSince ??= Date.now();
      setState({ kind: 'lost', retryAt: Date.now() + wait, since: lostSince });
      timer = window.setTimeout(open, wait);
    });
  };
  const reopen = (): void => {
    const old = socket;
    socket = null;
    old?.close();
    attempt = 0;
    open();
  };
  retryNow = reopen;
  const forget = onSession(reopen);
  const online = (): void => {
    if (state.kind === 'lost') reopen();
  };
  window.addEventListener('online', online);
  open();
  return () => {
    stopped = true;
    window.clearTimeout(timer);
    window.removeEventListener('online', online);
    forget();
    socket?.close();
  };
}

/** A tick moves the clock at once; asking the server for it every time would only be later. */
function patchClock(client: QueryClient, event: LiveEvent): void {
  if (event.type !== 'replay.tick' || typeof event['sim_time'] !== 'string' || typeof event['day'] !== 'number') return;
  const { sim_time, day } = event as unknown as { sim_time: string; day: number };
  const status = (['playing', 'paused', 'ended'] as const).find((word) => word === event['status']);
  const before = client.getQueryData<DeskStatus>(['status']);
  if (!before?.replay || !status) return;
  client.setQueryData<DeskStatus>(['status'], { ...before, as_of: sim_time, replay: { ...before.replay, sim_time, day, status } });
  // The day went back: the scenario was started again, and everything on the page is of another run.
  if (day < before.replay.day) void client.invalidateQueries();
}

function throttledRefresh(client: QueryClient): (keys: readonly string[]) => void {
  const waiting = new Set<string>();
  let timer: number | undefined;
  const flush = (): void => {
    timer = undefined;
    const keys = new Set(waiting);
    waiting.clear();
    if (keys.size === 0) return;
    void client.invalidateQueries({ predicate: (query) => (keys.has('*') && !isFixed(String(query.queryKey[0]))) || keys.has(String(query.queryKey[0])) });
  };
  return (keys) => {
    for (const key of keys) waiting.add(key);
    if (waiting.size > 0) timer ??= window.setTimeout(flush, FLUSH_MS);
  };
}
