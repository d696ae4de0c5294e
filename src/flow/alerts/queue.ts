/** Reads what the API shows of many alerts at once, and the queue as an operator sees it. */
import { CONTACT_CHANNELS } from '../../model/contact.ts';
import { HOUR_MS, iso } from '../../model/time.ts';
import type { z } from 'zod';
import { activeHolds, channelScope, failureRate, type Hold } from './attempts-store.ts';
import { callRequests, openCallRequests } from './calls.ts';
import { countByChannel, listDeliveries, oldestWaiting } from './deliveries-store.ts';
import { channelOf, type AlertsDeps } from './deps.ts';
import type { ChannelName } from './ports.ts';
import { alertsPastTheirTime, countByStatus, findAlert, listByStatus, type Alert } from './store.ts';
import { viewAlert, type AlertView, type Beside, type queueView } from './views.ts';

type ReadDeps = Pick<AlertsDeps, 'db' | 'channels' | 'clock' | 'settings'>;

/** What stands beside each alert, in their order; two queries, however many they are. */
export async function besides(deps: Pick<AlertsDeps, 'db' | 'channels'>, alerts: readonly Alert[]): Promise<readonly Beside[]> {
  const ids = alerts.map((a) => a.id);
  const deliveries = Map.groupBy(await listDeliveries(deps.db, ids), (d) => d.alertId);
  const calls = await callRequests(deps.db, ids);
  return ids.map((id) => ({ deliveries: deliveries.get(id) ?? [], call: calls.get(id) ?? null, channels: deps.channels }));
}

export async function viewAll(deps: Pick<AlertsDeps, 'db' | 'channels'>, alerts: readonly Alert[]): Promise<AlertView[]> {
  const beside = await besides(deps, alerts);
  return alerts.map((alert, i) => viewAlert(alert, beside[i]!));
}

/** Rows shown of each list. */
const MOST = 100;

type QueueView = z.infer<typeof queueView>;

export async function readQueue(deps: ReadDeps): Promise<QueueView> {
  const { db } = deps;
  const now = deps.clock.now();
  const byStatus = await countByStatus(db);
  const oldest = await oldestWaiting(db);
  const channels = await readChannels(deps);
  const callers = await Promise.all((await openCallRequests(db, MOST)).map((call) => findAlert(db, call.alertId)));
  return {
    depth: (byStatus.queued ?? 0) + (byStatus.sending ?? 0),
    oldest_age_seconds: oldest === null ? 0 : Math.max(0, Math.round((now - oldest) / 1_000)),
    by_status: byStatus,
    channel_hold: channels.map((c) => c.hold).filter((hold) => hold !== null).toSorted((a, b) => b.until.localeCompare(a.until))[0] ?? null,
    channels,
    items: await viewAll(deps, await listByStatus(db, ['queued', 'sending'], MOST)),
    dead_letters: await viewAll(deps, await listByStatus(db, ['failed'], MOST)),
    past_their_time: await viewAll(deps, await alertsPastTheirTime(db, now, deps.settings.watchGraceMs)),
    call_requests: await viewAll(deps, unique(callers.filter((a) => a !== null))),
  };
}

const HIDDEN = 'sign in to see';

const SHOWN = [
  'id', 'channel', 'status', 'reason', 'held_until', 'next_try_at', 'severity', 'attempts', 'error', 'created_at', 'sent_at',
  'delivered_at', 'read_at', 'as_of', 'next_look_at', 'escalated',
] as const satisfies readonly (keyof AlertView)[];

const SHOWN_OF_DELIVERY = [
  'position', 'role', 'channel', 'status', 'proof', 'reason', 'held_until', 'next_try_at', 'attempts', 'error', 'queued_at',
  'sent_at', 'delivered_at', 'read_at', 'lapsed_at', 'covered_by',
] as const satisfies readonly (keyof AlertView['deliveries'][number])[];

const pick = <T extends object, K extends keyof T>(from: T, names: readonly K[]): Pick<T, K> =>
  Object.fromEntries(names.map((name) => [name, from[name]])) as Pick<T, K>;

/** The queue for a caller who has not signed in: states, times and errors are shown, customers and texts are hidden. */
export function withoutCustomers(view: QueueView): QueueView {
  // By name: a field that comes later is hidden until somebody adds it here.
  const hide = (alert: AlertView): AlertView => ({
    ...pick(alert, SHOWN),
    decision_id: HIDDEN,
    customer_id: HIDDEN,
    customer_name: HIDDEN,
    recipient: HIDDEN,
    headline: HIDDEN,
    body: HIDDEN,
    action: HIDDEN,
    deadline: null,
    call_request: alert.call_request && { ...alert.call_request, closed_by: null, note: null },
    deliveries: alert.deliveries.map((delivery) => ({ ...pick(delivery, SHOWN_OF_DELIVERY), recipient: HIDDEN })),
  });
  return {
    ...view,
    items: view.items.map(hide),
    dead_letters: view.dead_letters.map(hide),
    past_their_time: view.past_their_time.map(hide),
    call_requests: view.call_requests.map(hide),
  };
}

/** An alert whose customer asked twice is one call. */
const unique = (alerts: readonly Alert[]): readonly Alert[] => [...new Map(alerts.map((a) => [a.id, a])).values()];

/** Those that are set up, and those of which deliveries are left from when they were. */
async function readChannels(deps: ReadDeps): Promise<QueueView['channels']> {
  const counts = Map.groupBy(await countByChannel(deps.db), (row) => row.channel);
  const names = CONTACT_CHANNELS.filter((name) => channelOf(deps, name) !== null || counts.has(name));
  const holds = await activeHolds(deps.db, names.map(channelScope), deps.clock.now());
  const channels: QueueView['channels'] = [];
  for (const name of names) {
    const { tries, failed } = await failureRate(deps.db, name, deps.clock.now() - HOUR_MS);
    const hold = holds.find((h) => h.scope === channelScope(name));
    channels.push({
      channel: name,
      set_up: channelOf(deps, name) !== null,
      confirms: channelOf(deps, name)?.confirms ?? null,
      hold: hold ? viewHold(name, hold) : null,
      deliveries: Object.fromEntries((counts.get(name) ?? []).map((row) => [row.status, row.n])),
      tries_last_hour: tries,
      failed_last_hour: failed,
    });
  }
  return channels;
}

const viewHold = (channel: ChannelName, hold: Hold): { channel: string; until: string; code: string; message: string } => ({ channel, until: iso(hold.until), code: hold.code, message: hold.message });
