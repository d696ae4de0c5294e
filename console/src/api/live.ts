// The live connection: one WebSocket, whose events mark queries as old. An event may be lost; after `hello` everything
// is read again.
import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { backoffMs, isFixed, keysTouchedBy, readEvent, type LiveEvent } from './live-rules.ts';
import { validToken } from './renewal.ts';
import { onSession, session } from './session.ts';
import type { DeskStatus } from './types.ts';

export type LiveState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open' }
  /** `retryAt`: epoch ms of the next try. */
  | { readonly kind: 'lost'; readonly retryAt: number; readonly since: number }
  /** Nobody is signed in: there is no connection, and none is tried. */
  | { readonly kind: 'off' };

/** At most one round of refetches in this time, however fast the replay runs. */
const FLUSH_MS = 700;
/** A connection that lasted this long starts the backoff anew. */
const SETTLED_MS = 5_000;
/** The desk's own close code: the credential of the handshake has ended. */
const CREDENTIAL_ENDED = 4401;

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

/** Keeps a connection open while somebody is signed in. @returns a function that closes it for good */
export function connectLive(client: QueryClient): () => void {
  const connection = new LiveConnection((event) => {
    patchClock(client, event);
    refresh(keysTouchedBy(event.type));
    for (const listener of eventListeners) listener(event);
  });
  const refresh = throttledRefresh(client);
  const start = (): void => void connection.open();
  retryNow = start;
  // A renewed token of the same person leaves the connection as it is; the next handshake uses the new one.
  const forget = onSession(({ session: next, before }) => {
    if (next === null) connection.close();
    else if (next.subject !== before?.subject) start();
  });
  const online = (): void => {
    if (state.kind === 'lost') start();
  };
  window.addEventListener('online', online);
  if (session()) start();
  else connection.close();
  return () => {
    window.removeEventListener('online', online);
    forget();
    connection.close();
  };
}

/** One WebSocket that is opened again, with growing pauses, when it is lost. */
class LiveConnection {
  readonly #onEvent: (event: LiveEvent) => void;
  #socket: WebSocket | null = null;
  #timer: number | undefined;
  #attempt = 0;
  #lostSince: number | null = null;
  /** Counts the calls of open and close: a handshake that waits for its token stops when another call came. */
  #run = 0;

  constructor(onEvent: (event: LiveEvent) => void) {
    this.#onEvent = onEvent;
  }

  /** Connects at once, in place of what there is. */
  open(): Promise<void> {
    this.#drop();
    this.#attempt = 0;
    if (state.kind === 'off') setState({ kind: 'connecting' });
    return this.#connect();
  }

  close(): void {
    this.#drop();
    this.#lostSince = null;
    setState({ kind: 'off' });
  }

  #drop(): void {
    window.clearTimeout(this.#timer);
    const old = this.#socket;
    this.#socket = null;
    old?.close();
    this.#run += 1;
  }

  async #connect(): Promise<void> {
    const run = this.#run;
    const token = await validToken().catch(() => null);
    if (run !== this.#run) return;
    if (token === null) return this.#retryLater();
    const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
    // A browser cannot set headers on a WebSocket, and a token in the address would end up in logs: so a subprotocol.
    const socket = new WebSocket(`${scheme}//${location.host}/ws/events`, ['bellwether', `bearer.${token}`]);
    this.#socket = socket;
    let openedAt = 0;
    socket.addEventListener('open', () => {
      if (this.#socket !== socket) return;
      openedAt = performance.now();
      this.#lostSince = null;
      setState({ kind: 'open' });
    });
    socket.addEventListener('message', ({ data }) => {
      const event = readEvent(data);
      if (event && this.#socket === socket) this.#onEvent(event);
    });
    socket.addEventListener('close', ({ code }) => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      // The token of the handshake has expired, as it does every quarter of an hour: the console holds a renewed one.
      if (code === CREDENTIAL_ENDED && openedAt > 0) return void this.#connect();
      if (openedAt > 0 && performance.now() - openedAt > SETTLED_MS) this.#attempt = 0;
      this.#retryLater();
    });
  }

  /** A browser does not tell a refused token from a lost server. The poll of useStatus does, and renews or ends it. */
  #retryLater(): void {
    if (!session()) return;
    const wait = backoffMs(this.#attempt, Math.random());
    this.#attempt += 1;
    this.#lostSince ??= Date.now();
    setState({ kind: 'lost', retryAt: Date.now() + wait, since: this.#lostSince });
    this.#timer = window.setTimeout(() => void this.#connect(), wait);
  }
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
