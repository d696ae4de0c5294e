/** Every route of a desk's servers, as their OpenAPI documents tell, and those that the documents leave out. */
import type { JsonSchema } from './json-schema.ts';

export type Door = 'api' | 'gate' | 'trace';

export interface Route {
  readonly door: Door;
  readonly method: string;
  /** As in OpenAPI: `/api/v1/shipments/{id}`. */
  readonly path: string;
  readonly params: readonly string[];
  readonly query: readonly string[];
  /** Null: the route declares none. */
  readonly body: JsonSchema | null;
}

interface Operation {
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> };
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** Routes that a document does not show: pages and the metrics. */
const HIDDEN: readonly Omit<Route, 'body'>[] = [
  { door: 'api', method: 'GET', path: '/metrics', params: [], query: [] },
  { door: 'api', method: 'GET', path: '/openapi.json', params: [], query: [] },
  { door: 'api', method: 'GET', path: '/{page}', params: ['page'], query: [] },
  { door: 'api', method: 'GET', path: '/docs/static/{file}', params: ['file'], query: [] },
  { door: 'gate', method: 'GET', path: '/metrics', params: [], query: [] },
  { door: 'trace', method: 'GET', path: '/project/{project}/traces', params: ['project'], query: [] },
  { door: 'trace', method: 'GET', path: '/project/{project}/traces/{id}', params: ['project', 'id'], query: [] },
];

/** Writes first: what they leave behind is what the reads after them show. */
export async function routesOf(doors: Readonly<Record<Door, string>>): Promise<readonly Route[]> {
  const routes: Route[] = HIDDEN.map((route) => ({ ...route, body: null }));
  for (const [door, base] of Object.entries(doors) as [Door, string][]) {
    const document = (await (await fetch(`${base}/openapi.json`)).json()) as Document;
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const method of METHODS) {
        const operation = operations[method];
        if (!operation) continue;
        const names = (place: string): readonly string[] =>
          (operation.parameters ?? []).filter((p) => p.in === place).map((p) => p.name);
        const body = operation.requestBody?.content['application/json']?.schema ?? null;
        routes.push({ door, method: method.toUpperCase(), path, params: names('path'), query: names('query'), body });
      }
    }
  }
  return routes.toSorted((a, b) => Number(a.method === 'GET') - Number(b.method === 'GET'));
}
