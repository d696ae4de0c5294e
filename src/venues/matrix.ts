/**
 * The numbered cases that every venue's client passes against its twin. A test helper: `*.matrix.test.ts` calls it.
 * V00 nothing wrong · V01 latency beyond the deadline · V02 429 with Retry-After · V03 5xx · V04 dropped socket · V05 half-open socket ·
 * V06 malformed body · V07 duplicates · V08 reordered · V09 clock ahead · V10 fails after handling · V11 one failure, then well.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TwinFaultInput, TwinServer } from './twin/index.ts';

export const MATRIX_CASES = Object.freeze(['V00', 'V01', 'V02', 'V03', 'V04', 'V05', 'V06', 'V07', 'V08', 'V09', 'V10', 'V11'] as const);
export type MatrixCase = (typeof MATRIX_CASES)[number];

/** A client connected to its twin. */
export interface MatrixRig<R> extends AsyncDisposable {
  /** Not all twins speak HTTP. */
  readonly twin: Pick<TwinServer, 'faults' | 'counters'>;
  /** The client's main act: a read, or a send. */
  act(): Promise<R>;
}

export interface MatrixSubject<R> {
  /** `polymarket`. */
  readonly venue: string;
  /** @param deadlineMs for one request: short where the case waits it out */
  start(deadlineMs: number): Promise<MatrixRig<R>>;
  /** Asserts that a result is right and whole; run in every case after the fault is gone. */
  whole(result: R): void;
  /** A clock far ahead (30 days): asserts that nothing is told that was not known yet. Default: `whole`. */
  ahead?(result: R): void;
  /** Runs instead of the common case, for what works otherwise there (a webhook's duplicates). */
  readonly instead?: Readonly<Partial<Record<MatrixCase, (rig: MatrixRig<R>) => Promise<void>>>>;
  /** Cases that do not arise, each with its reason. */
  readonly without?: Readonly<Partial<Record<MatrixCase, string>>>;
}

const FAR_AHEAD_MS = 30 * 86_400_000;
/** Long enough for a healthy loopback request on a busy machine, short enough to wait out. */
const SHORT_MS = 1_000;
const LONG_MS = 15_000;

/** Declares one test a case, named `polymarket V01 …`. */
export function venueMatrix<R>(subject: MatrixSubject<R>): void {
  const refused = (faults: readonly TwinFaultInput[], code: string, more?: (error: { occurrence: { retryAfterSeconds?: number } }) => void) => async (rig: MatrixRig<R>): Promise<void> => {
    rig.twin.faults.set(faults);
    await assert.rejects(rig.act(), (error: { code?: string; occurrence: { retryAfterSeconds?: number } }) => {
      assert.equal(error.code, code, String(error));
      more?.(error);
      return true;
    });
  };
  const same = (fault: TwinFaultInput) => async (rig: MatrixRig<R>): Promise<void> => {
    rig.twin.faults.set([fault]);
    subject.whole(await rig.act());
  };
  const cases: Readonly<Record<MatrixCase, readonly [title: string, run: (rig: MatrixRig<R>) => Promise<void>]>> = {
    V00: ['nothing wrong: the result is right and whole', async (rig) => subject.whole(await rig.act())],
    V01: ['latency beyond the deadline is a timeout', refused([{ kind: 'latency', ms: 60_000 }], 'VENUE_TIMEOUT')],
    V02: ['429 is a rate limit that keeps its Retry-After', refused([{ kind: 'rate_limited', retry_after_s: 7 }], 'VENUE_RATE_LIMITED', (e) => assert.equal(e.occurrence.retryAfterSeconds, 7))],
    V03: ['5xx is a failure of the venue', refused([{ kind: 'server_error', status: 503 }], 'VENUE_FAILED')],
    V04: ['a dropped socket is a failure of the venue', refused([{ kind: 'dropped_socket' }], 'VENUE_FAILED')],
    V05: ['a half-open socket is given up at the deadline', refused([{ kind: 'half_open' }], 'VENUE_TIMEOUT')],
    V06: ['a malformed body is a failure, and nothing of it is used', refused([{ kind: 'malformed_body' }], 'VENUE_FAILED')],
    V07: ['what comes twice is told once', same({ kind: 'duplicated' })],
    V08: ['what comes in another order is told the same', same({ kind: 'reordered' })],
    V09: ['a venue whose clock is ahead tells nothing from the future', async (rig) => {
      rig.twin.faults.set([{ kind: 'clock_skew', ms: FAR_AHEAD_MS }]);
      (subject.ahead ?? subject.whole)(await rig.act());
    }],
    V10: ['a socket dropped after the venue has acted is a failure too', refused([{ kind: 'dropped_socket', when: 'after' }], 'VENUE_FAILED')],
    V11: ['one failure leaves nothing behind', async (rig) => {
      rig.twin.faults.set([{ kind: 'server_error', status: 500, times: 1 }]);
      await rig.act().catch(() => undefined);
    }],
  };
  for (const id of MATRIX_CASES) {
    const [title, run] = cases[id];
    const skip = subject.without?.[id];
    test(`${subject.venue} ${id} ${title}`, skip === undefined ? {} : { skip }, async () => {
      const rig = await subject.start(id === 'V01' || id === 'V05' ? SHORT_MS : LONG_MS);
      // No `await using`: the import check's parser does not know it, and this file is not named as a test.
      try {
        await (subject.instead?.[id] ?? run)(rig);
        // Whatever happened, the next act is as if nothing had.
        rig.twin.faults.clear();
        subject.whole(await rig.act());
      } finally {
        await rig[Symbol.asyncDispose]();
      }
    });
  }
}
