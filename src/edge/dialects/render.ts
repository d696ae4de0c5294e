/** How the states of components read in each dialect. Pure. */
import type { ComponentState } from '../../kernel/health/index.ts';

export interface ReadyCheck {
  readonly status: string;
  readonly latency_ms?: number;
  readonly message?: string;
  readonly error?: string;
}

/** Names that readiness has always had here, and the component behind each. */
const READY_NAMES: Readonly<Record<string, string>> = { database: 'postgresql', redis: 'redis', llm: 'llm' };

/**
 * Ready means: every critical component works and nobody asked us to stop. What is not configured says `disabled`
 * (redis: `memory`, because the cache then lives in this process) and does not fail.
 */
export function readiness(states: readonly ComponentState[], draining: boolean): { readonly ready: boolean; readonly checks: Readonly<Record<string, ReadyCheck>> } {
  const checks: Record<string, ReadyCheck> = { postgresql: { status: 'disabled' }, redis: { status: 'memory' }, llm: { status: 'disabled' } };
  let ready = !draining;
  for (const state of states) {
    const name = READY_NAMES[state.name];
    if (name === undefined && !state.critical) continue;
    checks[name ?? state.name] = readyCheck(state);
    if (state.critical && state.status === 'unhealthy') ready = false;
  }
  if (draining) checks['shutdown'] = { status: 'unhealthy', error: 'This process is stopping' };
  return { ready, checks };
}

function readyCheck({ name, status, latency_ms, message }: ComponentState): ReadyCheck {
  if (status === 'disabled') return { status: name === 'redis' ? 'memory' : 'disabled' };
  if (status === 'unhealthy') return { status, latency_ms, error: message ?? 'no reason was given' };
  return { status: status === 'healthy' ? 'ok' : status, latency_ms, ...(message === null ? {} : { message }) };
}

/** The same as one word a check, `ready` where it does not stand in the way. */
export function flatReadiness(checks: Readonly<Record<string, ReadyCheck>>): Record<string, string> {
  const word = ({ status }: ReadyCheck): string => (status === 'unhealthy' ? 'not_ready' : 'ready');
  const flat = Object.fromEntries(Object.entries(checks).map(([name, check]) => [name, word(check)]));
  // The older client asks for `database`.
  return { ...flat, database: flat['postgresql']! };
}

/** Where a component belongs, by its name; the rest is `other`. */
const STAGES: Readonly<Record<string, readonly string[]>> = {
  omen: ['omen', 'signals', 'polymarket', 'gdelt'],
  oracle: ['oracle', 'reality', 'portwatch', 'freight', 'ais'],
  riskcast: ['riskcast', 'decisions'],
  alerter: ['alerter', 'alerts', 'whatsapp'],
  exchange: ['exchange'],
  advisor: ['advisor', 'llm'],
  trading: ['trading', 'orders', 'gate'],
  reconciliation: ['reconciliation', 'positions'],
  database: ['database', 'postgresql', 'disk'],
  redis: ['redis', 'cache'],
};

export function componentsByStage(states: readonly ComponentState[]): Record<string, readonly ComponentState[]> {
  const stages = new Map(Object.entries(STAGES).flatMap(([stage, names]) => names.map((name) => [name, stage] as const)));
  return Object.groupBy(states, ({ name }) => stages.get(name) ?? 'other') as Record<string, readonly ComponentState[]>;
}
