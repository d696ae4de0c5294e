/** OpenAPI of all routes at `/openapi.json`, and Swagger UI at `/docs`. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { errorCatalogue } from '../errors/index.ts';
import { DOCUMENT_POLICY } from './security-headers.ts';
import { publicAccess, type HttpApp } from './types.ts';

/** Routes below it are Swagger UI's own. */
export const DOCS_PREFIX = '/docs';

/** Before any route is registered. */
export async function describeRoutes(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Bellwether', version, description: 'Errors are problem+json (RFC 9457) with a flat `code`; the catalogue is at /api/v1/errors.' },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'An access token, or an API key `bw_…`' },
          signature: { type: 'apiKey', in: 'header', name: 'X-Bellwether-Signature', description: '`v2=` and the hex HMAC-SHA-256 over method, path, time, nonce and body, with X-Bellwether-Key, X-Bellwether-Timestamp and X-Bellwether-Nonce' },
        },
      },
      security: [{ bearer: [] }],
    },
    transform: (document) => {
      const access = document.route.config?.access;
      const { schema, url } = jsonSchemaTransform(document as Parameters<typeof jsonSchemaTransform>[0]);
      if (access?.kind === 'public') return { schema: { ...schema, security: [] }, url };
      if (access?.kind === 'proof') return { schema: { ...schema, security: [], description: `Called by ${access.service}, which proves each request` }, url };
      const summary = access ? `Needs the role ${access.role}${access.scope === undefined ? '' : `, scope ${access.scope}`}` : '';
      const security = access?.signed === true ? { security: [{ bearer: [] }, { signature: [] }] } : {};
      return { schema: { ...schema, ...security, ...(schema?.description === undefined ? { description: summary } : {}) }, url };
    },
  });
  await app.register(swaggerUi, { routePrefix: DOCS_PREFIX, staticCSP: DOCUMENT_POLICY, uiConfig: { deepLinking: true, persistAuthorization: false } });
}

export function openapiRoutes(app: HttpApp): void {
  const why = 'Describes the interface, and holds no data';
  app.get('/openapi.json', { config: { access: publicAccess(why) }, schema: { hide: true } }, async () => app.swagger());
  app.get('/api/v1/errors', { config: { access: publicAccess(why) } }, async () => ({
    items: errorCatalogue().map(([code, { status, title }]) => ({ code, status, title })),
  }));
}
