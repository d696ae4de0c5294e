/** A quota's state as it is told to people and programs. */
import { iso } from '../../model/time.ts';
import type { Chain, ChainState, GateBackend, GateWindow, QuotaStatus } from './types.ts';

const WARNING_FROM_PERCENT = 80;

/** @param chain the quota's own chain; its status is of its own windows, not of those above it */
export function quotaStatus(chain: Chain, state: ChainState, tier: string, backend: GateBackend['kind']): QuotaStatus {
  const windows = ownWindows(chain, state);
  const tightest = windows.reduce((a, b) => (b.used / b.spec.limit > a.used / a.spec.limit ? b : a));
  const percent = Math.round((tightest.used / tightest.spec.limit) * 1_000) / 10;
  return {
    provider: chain.id,
    tier,
    used: tightest.used,
    count: tightest.used,
    limit: tightest.spec.limit,
    remaining: remaining(tightest),
    usagePercentage: percent,
    utilizationPercent: percent,
    resetTime: iso(state.now + tightest.emptyInMs),
    warning: percent >= WARNING_FROM_PERCENT,
    blocking: state.backOffMs > 0 || windows.some((w) => w.used >= w.spec.normalLimit),
    backing_off_until: state.backOffMs > 0 ? iso(state.now + state.backOffMs) : null,
    backend,
    windows: windows.map((w) => ({ limit: w.spec.limit, window_ms: w.spec.windowMs, used: w.used, remaining: remaining(w), reserved_for_urgent: w.spec.limit - w.spec.normalLimit })),
  };
}

interface OwnWindow {
  readonly spec: GateWindow;
  readonly used: number;
  readonly emptyInMs: number;
}

function ownWindows(chain: Chain, state: ChainState): OwnWindow[] {
  return chain.windows.flatMap((spec, i) => (spec.key.startsWith(`${chain.id}/`) ? [{ spec, ...state.windows[i]! }] : []));
}

const remaining = (w: OwnWindow): number => Math.max(0, w.spec.limit - w.used);
