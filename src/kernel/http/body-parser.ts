/** Reads bodies: JSON alone, bounded in depth before anything walks it, its bytes kept for signatures. Anything else is 415. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { common } from '../errors/index.ts';
import { errors } from './errors.ts';

/** Levels of arrays and objects in a body. Our own bodies have at most six; code that walks a body may recurse this deep. */
export const BODY_DEPTH_MAX = 64;

export function readJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const parse = app.getDefaultJsonParser('error', 'error');
  const types = /^application\/(?:[\w.+-]+\+)?json(?:;|$)/;
  app.addContentTypeParser<Buffer>(types, { parseAs: 'buffer' }, (request: FastifyRequest, bytes, done) => {
    request.rawBody = bytes;
    // A write that needs no body is often sent with the header all the same. A webhook is parsed by its reader, once proved.
    if (bytes.length === 0 || request.routeOptions.config.access?.kind === 'proof') return done(null, undefined);
    if (isDeeperThan(bytes, BODY_DEPTH_MAX)) {
      return done(errors.BODY_TOO_DEEP({
        detail: `At most ${BODY_DEPTH_MAX} levels of arrays and objects are taken`,
        fix: 'Send a flatter body',
        facts: { limit_levels: BODY_DEPTH_MAX },
      }));
    }
    let text: string;
    try {
      text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch (cause) {
      return done(common.BAD_REQUEST({ detail: 'The body is not UTF-8', cause }));
    }
    parse(request, text, (error, value) => {
      if (error) done(common.BAD_REQUEST({ detail: `The body is not JSON: ${error.message}`, fix: 'Send one JSON value', cause: error }));
      else done(null, value);
    });
  });
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
