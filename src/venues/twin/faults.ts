/**
 * What a twin can be told to do wrong, and the order in which it does so.
 * Lives here: the faults and their bookkeeping. Not here: what they do to a socket (server.ts, sockets.ts).
 */
import { z } from 'zod';

/** When it strikes: before the twin has acted on the request, or after it has acted and before it replies (the caller cannot tell). */
const when = z.enum(['before', 'after']).default('before');
const common = {
  /** Only requests whose path begins so. Default: all. */
  path: z.string().startsWith('/').default('/'),
  /** Requests that it strikes before it is used up. Default: until cleared. */
  times: z.int().min(1).optional(),
};

export const twinFaultSchema = z.discriminatedUnion('kind', [
  /** The reply is late by `ms` of wall time. */
  z.strictObject({ kind: z.literal('latency'), ms: z.int().min(0).max(600_000), when, ...common }),
  /** 429 with `Retry-After`, in seconds. */
  z.strictObject({ kind: z.literal('rate_limited'), retry_after_s: z.int().min(0).max(86_400).default(1), when, ...common }),
  z.strictObject({ kind: z.literal('server_error'), status: z.int().min(500).max(599).default(503), when, ...common }),
  /** The socket is reset. */
  z.strictObject({ kind: z.literal('dropped_socket'), when, ...common }),
  /** The socket stays open and nothing comes. */
  z.strictObject({ kind: z.literal('half_open'), when, ...common }),
  /** Half of the body, under a length that fits it: valid HTTP, unreadable JSON. */
  z.strictObject({ kind: z.literal('malformed_body'), ...common }),
  /** Every item of a list, and every event, twice. */
  z.strictObject({ kind: z.literal('duplicated'), ...common }),
  /** Lists and events last first. */
  z.strictObject({ kind: z.literal('reordered'), ...common }),
  /** The twin's own clock is off by `ms`; ahead when positive. */
  z.strictObject({ kind: z.literal('clock_skew'), ms: z.int().min(-400 * 86_400_000).max(400 * 86_400_000), ...common }),
]);

/** A fault as given: fields with a default may be left out. */
export type TwinFaultInput = z.input<typeof twinFaultSchema>;
export type TwinFault = z.output<typeof twinFaultSchema>;
export type TwinFaultKind = TwinFault['kind'];
type OfKind<K extends TwinFaultKind> = Extract<TwinFault, { kind: K }>;

interface Armed {
  readonly fault: TwinFault;
  left: number;
}

/** The faults that a twin has been told to make. Set in code, or at `POST /__twin/faults` with its key. */
export class TwinFaults {
  #armed: Armed[] = [];

  /** Replaces all faults. @throws ZodError when one is malformed; then nothing changes */
  set(faults: readonly TwinFaultInput[]): void {
    this.#armed = faults.map((input) => {
      const fault = Object.freeze(twinFaultSchema.parse(input));
      return { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
    });
  }

  /** Adds one to those there are. @throws ZodError when it is malformed */
  add(fault: TwinFaultInput): void {
    const parsed = Object.freeze(twinFaultSchema.parse(fault));
    this.#armed.push({ fault: parsed, left: parsed.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#armed = [];
  }

  /** Those not used up, in the order given. */
  list(): readonly TwinFault[] {
    return this.#armed.filter((a) => a.left > 0).map((a) => a.fault);
  }

  /** The first armed fault of these kinds that is for this path, without using it up. */
  peek<K extends TwinFaultKind>(path: string, kinds: readonly K[], when?: 'before' | 'after'): OfKind<K> | undefined {
    return this.#find(path, kinds, when)?.fault as OfKind<K> | undefined;
  }

  /** Like {@link peek}, and counts one of its `times`. */
  take<K extends TwinFaultKind>(path: string, kinds: readonly K[], when?: 'before' | 'after'): OfKind<K> | undefined {
    const armed = this.#find(path, kinds, when);
    if (!armed) return undefined;
    armed.left -= 1;
    return armed.fault as OfKind<K>;
  }

  #find(path: string, kinds: readonly TwinFaultKind[], when: 'before' | 'after' | undefined): Armed | undefined {
    return this.#armed.find(
      (a) => a.left > 0 && kinds.includes(a.fault.kind) && path.startsWith(a.fault.path) && (when === undefined || !('when' in a.fault) || a.fault.when === when),
    );
  }
}

/** Applies `duplicated` and `reordered` to a list or a burst of events; each list counts once against their `times`. */
export function arrange<T>(faults: TwinFaults, path: string, items: readonly T[]): readonly T[] {
  const doubled = faults.take(path, ['duplicated']) ? items.flatMap((item) => [item, item]) : items;
  return faults.take(path, ['reordered']) ? [...doubled].reverse() : doubled;
}
