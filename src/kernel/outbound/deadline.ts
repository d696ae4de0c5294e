/** A deadline around one try: it ends in time even when what it calls does not listen. */
import type { Timers } from '../timers/index.ts';

/** Why the signal ended; never leaves `outbound`. */
export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';
}

/** @param work gets a signal that ends with the deadline @throws DeadlineExceeded */
export function withDeadline<T>(timers: Timers, ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  return new Promise<T>((resolve, reject) => {
    const timer = timers.after(ms, () => {
      const exceeded = new DeadlineExceeded(`no answer in ${Math.round(ms)} ms`);
      reject(exceeded);
      controller.abort(exceeded);
    });
    let working: Promise<T>;
    try {
      working = work(controller.signal);
    } catch (e) {
      timer.cancel();
      throw e;
    }
    working.then(
      (value) => {
        timer.cancel();
        resolve(value);
      },
      (e: unknown) => {
        timer.cancel();
        reject(e);
      },
    );
  });
}
