/** What a desk has told, read through its own API: the comparison of two runs, and the wait for an end. */
import type { DeskProcess } from './desk.ts';
import { until } from './desk.ts';

interface Page {
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly next_cursor: string | null;
}

/** Every item of a list, over all its pages. */
export async function all(desk: DeskProcess, path: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const items: Readonly<Record<string, unknown>>[] = [];
  for (let cursor: string | null = null, pages = 0; pages < 200; pages++) {
    const query: string = `${path.includes('?') ? '&' : '?'}limit=100${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
    const { status, body } = await desk.get(path + query);
    if (status !== 200) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`);
    const page = body as Page;
    items.push(...page.items);
    cursor = page.next_cursor;
    if (cursor === null) return items;
  }
  throw new Error(`${path} has no end`);
}

/** What must be the same however often the process died on the way. */
export interface Story {
  readonly signals: readonly string[];
  readonly decisions: readonly string[];
  /** Those whose outcome the desk has seen. */
  readonly settled: readonly string[];
  readonly alerts: readonly string[];
  /** Of what the desk keeps on its own forecasts: who, how many, and how they scored. */
  readonly record: readonly string[];
}

export async function story(desk: DeskProcess): Promise<Story> {
  const ids = async (path: string): Promise<readonly string[]> => (await all(desk, path)).map((item) => String(item['id'])).sort();
  const { forecasters } = (await desk.get('/api/v1/calibration')).body as { forecasters: { forecaster: string; n: number; clusters: number; brier: number }[] };
  return {
    signals: await ids('/api/v1/signals'),
    decisions: await ids('/api/v1/decisions?status=all'),
    settled: await ids('/api/v1/decisions?status=all&outcome=known'),
    alerts: await ids('/api/v1/alerts'),
    record: forecasters.map((f) => `${f.forecaster}: ${f.n} on ${f.clusters} events, ${f.brier}`),
  };
}

/** Waits until the last day is played and every alert has come to its end. */
export async function played(desk: DeskProcess, limitMs = 120_000): Promise<void> {
  const options = { ended: desk.ended, output: desk.output, limitMs };
  await until(async () => ((await desk.get('/api/v1/replay')).body as { status: string }).status === 'ended', { ...options, what: 'the end of the scenario' });
  await until(async () => (await all(desk, '/api/v1/alerts')).every((alert) => FINAL.has(String(alert['status']))), { ...options, what: 'the end of every alert' });
}

/** The stand-in's phones read what they get. */
const FINAL = new Set(['read', 'failed', 'suppressed']);
