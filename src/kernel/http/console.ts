/** Serves the built console: hashed assets for ever, its page never from a cache, and the page for any address that it routes itself. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { setDocumentHeaders } from './security-headers.ts';
import { publicAccess, type HttpApp } from './types.ts';

/** Addresses of the interface: an unknown one below them is 404, not the console. */
const API = /^\/(api|admin|health|metrics|docs|openapi\.json|ws|v0|v1|webhooks|assets)(\/|$)/;
/** Vite's file names hold a hash of the content: `index-BX3fQ2a1.js`. Of a short name alone: on a long one it is quadratic. */
const HASHED = /-[\w-]{8,}\.\w+$/;
const FILE_NAME_MAX = 100;

function isHashed(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.length <= FILE_NAME_MAX && HASHED.test(name);
}

const NOT_BUILT = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Bellwether</title>
<style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui;max-width:40rem;margin:15vh auto;padding:0 1rem}code{font-size:1.05em}</style></head>
<body><main><h1>The console is not built yet</h1><p>The server runs. To build its console, run <code>npm run console</code> and load this page again.</p>
<p>Until then: <a href="/docs">the interface</a>, <a href="/health">health</a>.</p></main></body></html>`;

/**
 * @param folder what Vite built, with `index.html` and `assets/`. It may appear later: it is looked for at each request until it is there
 * @example await serveConsole(http.app, join(root, 'console/dist'));
 */
export async function serveConsole(app: HttpApp, folder: string): Promise<void> {
  const access = publicAccess('The console is a program like any other: data comes through the interface, by its own rules');
  const plain = app as unknown as FastifyInstance;
  await plain.register(fastifyStatic, { root: folder, serve: false, cacheControl: false, logLevel: 'silent' });
  const page = (reply: FastifyReply): FastifyReply => {
    setDocumentHeaders(reply);
    reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8');
    const file = join(folder, 'index.html');
    return existsSync(file) ? reply.send(readFileSync(file)) : reply.code(503).send(NOT_BUILT);
  };

  plain.get('/', { config: { access }, schema: { hide: true } }, (_request, reply) => page(reply));
  plain.get<{ Params: { '*': string } }>('/*', { config: { access }, schema: { hide: true } }, (request, reply) => {
    const path = request.params['*'];
    // Neither above the folder nor a hidden file, however it is written.
    if (/(^|[/\\])\./.test(path)) return reply.callNotFound();
    const isFile = /\.\w{1,8}$/.test(path);
    if (isFile && !API.test(`/${path}`.replace(/^\/assets\//, '/'))) {
      setDocumentHeaders(reply);
      reply.header('cache-control', isHashed(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
      return reply.sendFile(path);
    }
    if (!isFile && !API.test(`/${path}`) && (request.headers.accept ?? '').includes('text/html')) return page(reply);
    return reply.callNotFound();
  });
}
