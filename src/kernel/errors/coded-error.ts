/**
 * Coded errors: what a user, an operator or a client is told, with one code each.
 * A part declares its errors with `defineErrors`; together they are the catalogue that `/openapi.json` and the docs show.
 */

/** What stays the same each time an error occurs. */
export interface ErrorSpec {
  /** HTTP status with which it leaves the house. */
  readonly status: number;
  /** One short sentence, the same for every occurrence (RFC 9457 `title`). */
  readonly title: string;
  /** True when someone of the desk must look: logged at `error` and counted. Users' mistakes are not reported. */
  readonly report?: boolean;
}

/** What differs from one occurrence to the next. Never a secret, never another customer's data. */
export interface ErrorOccurrence {
  /** What happened this time, in a sentence (RFC 9457 `detail`). */
  readonly detail?: string;
  /** The input at fault, as a path: `shipments[3].eta`. */
  readonly field?: string;
  /** What would be right. */
  readonly fix?: string;
  /** Seconds after which a repeat may succeed: becomes `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** More faults of the same kind, one an input. */
  readonly issues?: readonly { readonly field: string; readonly message: string; readonly fix?: string }[];
  /** Further facts for the reply, such as a venue's own code. */
  readonly facts?: Readonly<Record<string, string | number | boolean | null>>;
  readonly cause?: unknown;
}

export class CodedError extends Error {
  override readonly name = 'CodedError';
  readonly code: string;
  readonly spec: ErrorSpec;
  readonly occurrence: ErrorOccurrence;

  constructor(code: string, spec: ErrorSpec, occurrence: ErrorOccurrence = {}) {
    super(occurrence.detail ?? spec.title, occurrence.cause === undefined ? undefined : { cause: occurrence.cause });
    this.code = code;
    this.spec = spec;
    this.occurrence = occurrence;
  }
  get status(): number {
    return this.spec.status;
  }
}

const catalogue = new Map<string, ErrorSpec>();

export type ErrorFactory = (occurrence?: ErrorOccurrence) => CodedError;

/**
 * Declares a part's errors and gives a function for each.
 * @example
 * const errors = defineErrors({ SHIPMENT_UNKNOWN: { status: 404, title: 'No such shipment' } });
 * throw errors.SHIPMENT_UNKNOWN({ field: 'id', fix: 'List them at GET /api/v1/shipments' });
 * @throws Error at start-up when a code is declared twice: one code means one thing
 */
export function defineErrors<const T extends Record<string, ErrorSpec>>(specs: T): { readonly [K in keyof T]: ErrorFactory } {
  const factories: Record<string, ErrorFactory> = {};
  for (const [code, spec] of Object.entries(specs)) {
    if (catalogue.has(code)) throw new Error(`error code declared twice: ${code}`);
    catalogue.set(code, Object.freeze(spec));
    factories[code] = (occurrence) => new CodedError(code, spec, occurrence);
  }
  return Object.freeze(factories) as { readonly [K in keyof T]: ErrorFactory };
}

/** Every declared code with its status and title, by code. */
export const errorCatalogue = (): readonly (readonly [string, ErrorSpec])[] => [...catalogue].sort(([a], [b]) => (a < b ? -1 : 1));

export const isCodedError = (e: unknown): e is CodedError => e instanceof CodedError;
