// What the console asks for, and under which keys it keeps the answers. live.ts says when they are asked again.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, apiHealth, url } from './client.ts';
import { send } from './http.ts';
import type { Alert, Breaker, Chokepoint, ChokepointHistory, Component, Decision, DecisionSummary, DeskStatus, Page, PassagePlace, Scenario, SeaRoute, Shipment, Signal } from './types.ts';

/** At most what the API gives at once. */
const PAGE = 100;

export const statusQuery = queryOptions({ queryKey: ['status'], queryFn: ({ signal }) => api<DeskStatus>('/api/v1/status', { signal }) });

export const scenariosQuery = queryOptions({
  queryKey: ['scenarios'],
  staleTime: Infinity,
  queryFn: async ({ signal }) => (await api<{ items: readonly Scenario[] }>('/api/v1/scenarios', { signal })).items,
});

export const chokepointsQuery = queryOptions({
  queryKey: ['chokepoints'],
  queryFn: async ({ signal }) => (await api<{ items: readonly Chokepoint[] }>('/api/v1/chokepoints', { signal })).items,
});

export const historyQuery = (id: string, from: string, to: string) =>
  queryOptions({
    queryKey: ['history', id, from, to],
    queryFn: ({ signal }) => api<ChokepointHistory>(url(`/api/v1/chokepoints/${encodeURIComponent(id)}/history`, { from, to }), { signal }),
  });

/** The Earth does not change while one looks: asked once. */
export const geographyQuery = queryOptions({
  queryKey: ['geography'],
  staleTime: Infinity,
  queryFn: async ({ signal }) => (await api<{ chokepoints: readonly PassagePlace[] }>('/api/v1/geography', { signal })).chokepoints,
});

export const seaRouteQuery = (from: string, to: string, closed: readonly string[] = []) =>
  queryOptions({
    queryKey: ['sea-route', from, to, closed.join()],
    staleTime: Infinity,
    queryFn: ({ signal }) => api<SeaRoute>(url('/api/v1/sea-route', { from, to, closed: closed.join() || undefined }), { signal }),
  });

/** A list page by page. */
export function listOf<T>(name: string, query: Readonly<Record<string, string>> = {}) {
  return infiniteQueryOptions({
    queryKey: [name, query],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => api<Page<T>>(url(`/api/v1/${name}`, { ...query, limit: PAGE, cursor: pageParam || undefined }), { signal }),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}

export const decisionsQuery = (status: string) => listOf<DecisionSummary>('decisions', { status });
export const signalsQuery = listOf<Signal>('signals');
export const shipmentsQuery = listOf<Shipment>('shipments');
export const alertsQuery = listOf<Alert>('alerts');

export const decisionQuery = (id: string) =>
  queryOptions({ queryKey: ['decision', id], queryFn: ({ signal }) => api<Decision>(`/api/v1/decisions/${encodeURIComponent(id)}`, { signal }) });

/** The same decision told in another language; nothing but words differs. */
export const decisionInQuery = (id: string, language: string) =>
  queryOptions({ queryKey: ['decision', id, language], queryFn: ({ signal }) => api<Decision>(url(`/api/v1/decisions/${encodeURIComponent(id)}`, { language }), { signal }) });

/** Customers who have answered “3 call me”, and have not been called. */
export const callsQuery = listOf<Alert>('alerts', { call: 'open' });

export interface HealthReport {
  readonly status: string;
  readonly version: string;
  readonly timestamp: string;
  readonly components: Readonly<Record<string, Component>>;
}

export const healthQuery = queryOptions({ queryKey: ['health'], refetchInterval: 10_000, queryFn: ({ signal }) => apiHealth<HealthReport>('/health/detailed', signal) });

export const breakersQuery = queryOptions({
  queryKey: ['breakers'],
  refetchInterval: 10_000,
  queryFn: ({ signal }) => apiHealth<Readonly<Record<string, Breaker>>>('/health/circuit-breakers', signal),
});

/** Whether the desk answers at all. The one query that needs no session. */
export const reachQuery = queryOptions({
  queryKey: ['reach'],
  retry: false,
  refetchInterval: 10_000,
  queryFn: async ({ signal }) => {
    const reply = await send('/health', { signal }, null);
    // A reply whose body is not read keeps its connection.
    await reply.text();
    return reply.ok;
  },
});
