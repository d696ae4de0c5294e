/** Reads bodies: JSON alone, its bytes kept for signatures. Anything else is 415. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { common } from '../errors/index.ts';

export function readJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser<Buffer>(/^application\/(?:[\w.+-]+\+)?json(?:;|$)/, { parseAs: 'buffer' }, (request: FastifyRequest, bytes, done) => {
    request.rawBody = bytes;
    // A write that needs no body is often sent with the header all the same.
    if (bytes.length === 0) return done(null, undefined);
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
