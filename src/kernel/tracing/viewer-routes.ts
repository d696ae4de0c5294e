/** The trace viewer's addresses, for a small server of its own (port 3000) or beside the interface. */
import { z } from 'zod';
import { iso, type Clock } from '../../model/time.ts';
import { common } from '../errors/index.ts';
import { publicAccess, readAccess, roleAccess, setDocumentHeaders, type HttpApp } from '../http/index.ts';
import { exportRequest, readExport } from './otlp.ts';
import type { TraceStore } from './store.ts';
import { listPage, tracePage } from './viewer-html.ts';

export interface ViewerDeps {
  readonly store: TraceStore;
  readonly clock: Clock;
  readonly version: string;
}

const LISTED = 100;
/** Exporters send up to 512 spans at once. */
const INTAKE_LIMIT_BYTES = 8 * 1_048_576;

const project = z.strictObject({ project: z.string().regex(/^[\w.-]{1,64}$/) });
const traceId = z.string().regex(/^[0-9a-f]{32}$/);

/** Reading follows the rule of any read; the intake takes an operator's or a key with the scope `traces:write`. */
export const viewerRoutes = ({ store, clock, version }: ViewerDeps) => (app: HttpApp): void => {
  const read = { config: { access: readAccess } } as const;
  const found = (id: string) => {
    const trace = store.get(id);
    if (!trace) throw common.NOT_FOUND({ detail: `Trace ${id} is not known here, or was pushed out by newer ones` });
    return trace;
  };

  app.get('/api/public/health', { config: { access: publicAccess('Says that the viewer runs'), probe: true } }, async () => ({ status: 'OK', version, timestamp: iso(clock.now()), spans: store.size }));

  app.get('/project/:project/traces', { ...read, schema: { params: project, hide: true } }, (request, reply) => {
    setDocumentHeaders(reply);
    reply.type('text/html; charset=utf-8').send(listPage(request.params.project, store.list(LISTED), clock.now()));
  });
  app.get('/project/:project/traces/:id', { ...read, schema: { params: project.extend({ id: traceId }), hide: true } }, (request, reply) => {
    const { project: name, id } = request.params;
    const html = tracePage(name, found(id));
    setDocumentHeaders(reply);
    reply.type('text/html; charset=utf-8').send(html);
  });
  app.get('/api/public/traces', { ...read, schema: { tags: ['traces'] } }, async () => ({
    items: store.list(LISTED).map(({ spans, ...trace }) => ({ ...trace, span_count: spans.length })),
    next_cursor: null,
  }));
  app.get('/api/public/traces/:id', { ...read, schema: { tags: ['traces'], params: z.strictObject({ id: traceId }) } }, async (request) => found(request.params.id));

  const intake = { config: { access: roleAccess('operator', 'traces:write') }, bodyLimit: INTAKE_LIMIT_BYTES, schema: { tags: ['traces'], summary: 'OTLP over HTTP, JSON', body: exportRequest } } as const;
  app.post('/v1/traces', intake, async (request) => {
    const { spans, rejected } = readExport(request.body);
    for (const span of spans) store.add(span);
    return rejected === 0 ? { partialSuccess: {} } : { partialSuccess: { rejectedSpans: rejected, errorMessage: 'Some spans had no valid ids, name or times' } };
  });
};
