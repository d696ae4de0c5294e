/**
 * In-process events fed by Postgres LISTEN: for WebSockets and dropping caches only.
 * Loss is allowed: an event sent while a process reconnects is gone, so nothing that must happen may hang on one.
 */
import type { Executor } from '../database/types.ts';

export interface EventBus<Events extends Record<string, object>> {
  /** With `on` a transaction, sent at its commit (NOTIFY); payload at most 7 KB of JSON, so send ids, not rows. */
  publish<K extends keyof Events & string>(on: Executor, name: K, payload: Events[K]): Promise<void>;
  /** @returns a function that ends the subscription */
  subscribe<K extends keyof Events & string>(name: K, listener: (payload: Events[K]) => void): () => void;
  /** Every event, for a WebSocket fan-out. */
  subscribeAll(listener: (name: keyof Events & string, payload: object) => void): () => void;
}
