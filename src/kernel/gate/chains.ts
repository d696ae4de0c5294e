/** Turns quotas as data into chains: what a call counts against, in the form that backends take. */
import { errors } from './errors.ts';
import { TWIN_TIER, type Limit, type QuotaSpec } from './quotas.ts';
import type { Chain, GateWindow } from './types.ts';

/**
 * A window is counted in this many slots, and a unit is remembered until its whole slot has left: from one window to
 * 1.01 windows. So never more than the limit in any window, at a cost of at most 1 % of the rate, in 101 numbers a limit.
 * An exact log of 4,000 calls per 10 s would be 4,000 entries, read and trimmed on every call.
 */
const SLOTS = 100;

export interface Chains {
  readonly ids: readonly string[];
  /** @throws CodedError GATE_PROVIDER_UNKNOWN */
  byId(id: string): Chain;
  /** The chain of the narrowest quota that covers the operation. @throws CodedError GATE_PROVIDER_UNKNOWN */
  of(provider: string, operation: string): Chain;
  tierOf(id: string): string;
  /** The quota itself and its parts. */
  within(id: string): readonly Chain[];
}

/** @param tiers by provider; its parts follow it where they have that tier @throws CodedError GATE_TIER_UNKNOWN */
export function buildChains(quotas: Readonly<Record<string, QuotaSpec>>, tiers: Readonly<Record<string, string>> = {}): Chains {
  const chains = new Map<string, Chain>();
  const tierNames = new Map<string, string>();
  const windows = new Map<string, readonly GateWindow[]>();
  for (const id of Object.keys(quotas).sort()) {
    const spec = quotas[id]!;
    const [tier, limits] = chooseTier(id, spec, tiers[providerOf(id)]);
    tierNames.set(id, tier);
    windows.set(
      id,
      limits.map((limit) => windowOf(id, limit, spec.urgentShare ?? 0)),
    );
    const covering = prefixes(id).filter((prefix) => windows.has(prefix));
    chains.set(id, Object.freeze({ id, provider: providerOf(id), quotas: covering, windows: covering.flatMap((q) => windows.get(q)!).sort((a, b) => (a.key < b.key ? -1 : 1)) }));
  }
  const ids = [...chains.keys()];
  const byId = (id: string): Chain => {
    const chain = chains.get(id);
    if (chain) return chain;
    throw errors.GATE_PROVIDER_UNKNOWN({ detail: `The gate has no quota ${JSON.stringify(id.slice(0, 80))}`, field: 'provider', fix: `One of: ${ids.join(', ')}` });
  };
  return {
    ids,
    byId,
    tierOf: (id) => tierNames.get(id) ?? 'default',
    within: (id) => [byId(id), ...ids.filter((other) => other.startsWith(`${id}.`)).map(byId)],
    of(provider, operation) {
      const narrowest = prefixes(`${provider}.${operation}`).findLast((prefix) => chains.has(prefix));
      return byId(narrowest ?? provider);
    },
  };
}

export const providerOf = (id: string): string => id.split('.', 1)[0]!;

/** `a.b.c` gives `a`, `a.b`, `a.b.c`. */
function prefixes(id: string): string[] {
  const parts = id.split('.');
  return parts.map((_, i) => parts.slice(0, i + 1).join('.'));
}

function chooseTier(id: string, spec: QuotaSpec, wanted: string | undefined): [string, readonly Limit[]] {
  const names = Object.keys(spec.tiers);
  const fallback = names[0]!;
  if (wanted === undefined) return [fallback, spec.tiers[fallback]!];
  if (wanted === TWIN_TIER.name) return [TWIN_TIER.name, TWIN_TIER.limits];
  if (Object.hasOwn(spec.tiers, wanted)) return [wanted, spec.tiers[wanted]!];
  if (id.includes('.')) return [fallback, spec.tiers[fallback]!];
  throw errors.GATE_TIER_UNKNOWN({ detail: `${id} has no tier ${JSON.stringify(wanted)}`, field: id, fix: `One of: ${[...names, TWIN_TIER.name].join(', ')}` });
}

function windowOf(id: string, { limit, windowMs }: Limit, urgentShare: number): GateWindow {
  const slotMs = Math.ceil(windowMs / SLOTS);
  return Object.freeze({ key: `${id}/${windowMs}`, limit, windowMs, normalLimit: limit - Math.floor(limit * urgentShare), slotMs, slots: Math.ceil(windowMs / slotMs) });
}
