/** Reads bodies: JSON alone, bounded in depth before anything walks it, its bytes kept for signatures. Anything else is 415. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { common } from '../errors/index.ts';
import { decidesAfterBody } from './access.ts';
import { errors } from './errors.ts';

/** Levels of arrays and objects in a body. Our own bodies have at most six; code that walks a body may recurse this deep. */
const BODY_DEPTH_MAX = 64;

export function readJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const read = jsonReader(app);
  const types = /^application\/(?:[\w.+-]+\+)?json(?:;|$)/;
  app.addContentTypeParser<Buffer>(types, { parseAs: 'buffer' }, (request: FastifyRequest, bytes, done) => {
    request.rawBody = bytes;
    // A write that needs no body is often sent with the header all the same.
    if (bytes.length === 0) return done(null, undefined);
    const { access } = request.routeOptions.config;
    if (access && decidesAfterBody(access, request)) {
      // Whoever proves a request over its body has it parsed after that; a webhook's reader parses for itself.
      if (access.kind === 'role') request.readBody = () => read(request, bytes);
      return done(null, undefined);
    }
    let value: unknown;
    try {
      value = read(request, bytes);
    } catch (e) {
      return done(e as Error);
    }
    done(null, value);
  });
}

/** @throws CodedError BODY_TOO_DEEP, BAD_REQUEST */
type ReadJson = (request: FastifyRequest, bytes: Buffer) => unknown;

function jsonReader(app: FastifyInstance): ReadJson {
  const parse = app.getDefaultJsonParser('error', 'error');
  return (request, bytes) => {
    if (isDeeperThan(bytes, BODY_DEPTH_MAX)) {
      throw errors.BODY_TOO_DEEP({
        detail: `At most ${BODY_DEPTH_MAX} levels of arrays and objects are taken`,
        fix: 'Send a flatter body',
        facts: { limit_levels: BODY_DEPTH_MAX },
      });
    }
    let text: string;
    try {
      text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch (cause) {
      throw common.BAD_REQUEST({ detail: 'The body is not UTF-8', cause });
    }
    let result: unknown;
    let fault: Error | null = null;
    // It calls back before it returns.
    parse(request, text, (error, value) => {
      fault = error;
      result = value;
    });
    if (fault !== null) throw common.BAD_REQUEST({ detail: `The body is not JSON${placeOf(fault)}`, fix: 'Send one JSON value', cause: fault });
    return result;
  };
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;

/**
 * Whether a JSON text nests deeper than `limit`, from its bytes alone: linear time, no memory, stops at the limit.
 * In UTF-8 these six characters never appear inside another one. A text that is not JSON gives either answer.
 */
export function isDeeperThan(bytes: Uint8Array, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (inString) {
      if (byte === BACKSLASH) i += 1;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      depth += 1;
      if (depth > limit) return true;
    } else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) depth -= 1;
  }
  return false;
}

/** The parser's message quotes the body, which may hold a secret: only the place is repeated. */
function placeOf(fault: Error): string {
  const position = /at position (\d+)/.exec(fault.message)?.[1];
  return position === undefined ? '' : `: it breaks at character ${Number(position) + 1}`;
}
