/** Turns whatever was thrown into a problem+json reply (RFC 9457) with our flat `code`, `message` and `trace_id`. */
import { isResponseSerializationError } from 'fastify-type-provider-zod';
import { sqlState } from '../database/index.ts';
import { CodedError, common, isCodedError } from '../errors/index.ts';
import { errors } from './errors.ts';

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly instance: string;
  readonly code: string;
  readonly message: string;
  readonly trace_id: string;
  readonly field?: string;
  readonly fix?: string;
  readonly issues?: readonly { readonly field: string; readonly message: string; readonly fix?: string }[];
  readonly [fact: string]: unknown;
}

/** @param path of the request, without its query: that may hold what nobody should read in a log */
export function toProblem(error: CodedError, path: string, traceId: string): Problem {
  const { detail, field, fix, issues, facts } = error.occurrence;
  const { status, title } = error.spec;
  return {
    ...facts,
    type: `/api/v1/errors#${error.code}`,
    title,
    status,
    ...(detail === undefined ? {} : { detail }),
    instance: path,
    code: error.code,
    message: detail ?? title,
    trace_id: traceId,
    ...(field === undefined ? {} : { field }),
    ...(fix === undefined ? {} : { fix }),
    ...(issues === undefined ? {} : { issues }),
  };
}

/** Any exception as one of the catalogue. What is not known becomes INTERNAL, whose reply says nothing of the inside. */
export function toCoded(thrown: unknown): CodedError {
  if (isCodedError(thrown)) return thrown;
  const error = thrown as { code?: unknown; statusCode?: unknown; message?: unknown };
  const code = typeof error?.code === 'string' ? error.code : '';
  const known = FROM_FASTIFY[code];
  if (known) return known(typeof error.message === 'string' ? error.message : '', thrown);
  if (isResponseSerializationError(thrown)) return errors.REPLY_INVALID({ cause: thrown });
  // 57014: cancelled by its statement timeout. 53300: no connection left. Both pass.
  const state = sqlState(thrown);
  if (state === '57014' || state?.startsWith('53')) {
    return common.UNAVAILABLE({ detail: 'The database is too busy to answer in time', retryAfterSeconds: 5, cause: thrown });
  }
  if (state !== undefined && VALUE_STATES.has(state)) {
    return errors.VALUE_NOT_STORABLE({
      detail: 'A value is out of range or of the wrong form for its place in the database; nothing was stored',
      fix: 'Check dates, numbers and lengths against /openapi.json',
      cause: thrown,
    });
  }
  if (error?.statusCode === 400) return common.BAD_REQUEST({ cause: thrown });
  if (error?.statusCode === 404 || error?.statusCode === 403) return common.NOT_FOUND({ cause: thrown });
  return common.INTERNAL({ cause: thrown });
}

/**
 * SQLSTATEs that a value of a request can cause: the data exceptions of class 22 that concern a value and its text form,
 * a check constraint (23514) and the limits of an index row or of nesting (54000, 54001).
 * Source: PostgreSQL 15 manual, appendix A.
 */
const VALUE_STATES: ReadonlySet<string> = new Set([
  '22001', '22003', '22007', '22008', '22009', '22015', '22019', '22021', '22023', '22025', '22030', '22032',
  '22P02', '22P03', '22P05', '23514', '54000', '54001',
]);

type FromFastify = (message: string, cause: unknown) => CodedError;

const badRequest: FromFastify = (message, cause) => common.BAD_REQUEST({ detail: message, cause });

const FROM_FASTIFY: Readonly<Record<string, FromFastify>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: (_message, cause) => common.UNSUPPORTED_MEDIA_TYPE({ fix: 'Send JSON with content-type: application/json', cause }),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: badRequest,
  FST_ERR_BAD_URL: (_message, cause) => common.BAD_REQUEST({ detail: 'The path has a percent sign that is not an escape', cause }),
  FST_ERR_MAX_PARAM_LENGTH: (_message, cause) => common.BAD_REQUEST({ detail: 'A part of the path is longer than 200 characters', cause }),
  ERR_INVALID_CHAR: badRequest,
};
