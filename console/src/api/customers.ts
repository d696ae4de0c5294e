// Customers and imports as the API tells them, and how they are asked for.
import { queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';
import { listOf } from './queries.ts';

export const CHANNELS = ['whatsapp', 'email', 'slack', 'teams', 'webhook', 'telegram'] as const;
export type Channel = (typeof CHANNELS)[number];

export const RISK_TOLERANCES = ['conservative', 'balanced', 'aggressive'] as const;
export type RiskTolerance = (typeof RISK_TOLERANCES)[number];

export interface Customer {
  readonly id: string;
  readonly name: string;
  readonly language: string;
  /** IANA. */
  readonly timezone: string;
  readonly min_exposure_usd: string;
  readonly min_probability: number;
  readonly risk_tolerance: RiskTolerance;
  /** In the order in which they are tried; addresses are masked. */
  readonly contacts: readonly { readonly channel: Channel; readonly address: string }[];
  readonly quiet_hours: { readonly from: string; readonly to: string } | null;
  readonly shipments?: number;
}

export type ImportKind = 'shipments' | 'customers';

export interface RowProblem {
  /** As a spreadsheet counts; null for the header or the file. */
  readonly row: number | null;
  readonly column: string | null;
  readonly given: string | null;
  readonly problem: string;
  readonly fix: string;
}

export interface ImportReport {
  readonly rows: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly dry_run: boolean;
  readonly file_hash: string;
  readonly ignored_columns: readonly string[];
  readonly problems: readonly RowProblem[];
}

export interface ImportColumn {
  readonly name: string;
  readonly required: boolean;
  readonly about: string;
  readonly example: string;
}

export const customersQuery = listOf<Customer>('customers');

export const customerQuery = (id: string) =>
  queryOptions({ queryKey: ['customers', 'one', id], queryFn: ({ signal }) => api<Customer>(`/api/v1/customers/${encodeURIComponent(id)}`, { signal }) });

export const importColumnsQuery = (kind: ImportKind) =>
  queryOptions({ queryKey: ['import-columns', kind], staleTime: Infinity, queryFn: async ({ signal }) => (await api<{ items: readonly ImportColumn[] }>(`/api/v1/imports/${kind}/columns`, { signal })).items });
