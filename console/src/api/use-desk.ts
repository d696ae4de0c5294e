// The desk's own facts for every page: its mode, its "now", and a list read to the end.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { millis } from '../format/time.ts';
import { useLiveState } from './live.ts';
import { chokepointsQuery, statusQuery, type listOf } from './queries.ts';
import type { DeskStatus } from './types.ts';

/** While the live connection is down the page asks by itself, and slowly. */
const POLL_MS = 10_000;

export function useStatus() {
  const live = useLiveState();
  return useQuery({ ...statusQuery, refetchInterval: live.kind === 'open' ? 60_000 : POLL_MS });
}

/** How often an answer is asked again without an event: never while events come. */
export function usePolling(): number | false {
  return useLiveState().kind === 'open' ? false : POLL_MS;
}

/**
 * The desk's now, epoch ms: the scenario's time in a replay, else the wall clock to the half minute.
 * Null until the desk has said which of the two it is.
 */
export function useNow(): number | null {
  const { data } = useStatus();
  const [wall, setWall] = useState(() => Date.now());
  const replaying = Boolean(data?.replay);
  useEffect(() => {
    if (replaying) return undefined;
    const timer = window.setInterval(() => setWall(Date.now()), 30_000);
    return () => window.clearInterval(timer);
  }, [replaying]);
  if (!data) return null;
  return deskNow(data, wall);
}

export const deskNow = (status: DeskStatus, wall: number): number => (status.replay ? millis(status.as_of) : wall);

/** The name of a passage; its id in words until the names are here. */
export function usePassageName(): (id: string) => string {
  const { data } = useQuery(chokepointsQuery);
  return (id) => data?.find((one) => one.id === id)?.name ?? id.replaceAll('_', ' ');
}

/** All pages loaded so far of a list, in order. */
export function useList<T>(options: ReturnType<typeof listOf<T>>) {
  const refetchInterval = usePolling();
  const query = useInfiniteQuery({ ...options, refetchInterval });
  return { ...query, items: query.data?.pages.flatMap((page) => page.items) };
}
