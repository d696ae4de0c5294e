/** The live gate: a desk calls itself LIVE only while most of what it is set up to hear is real and fresh. */

export interface SourceView {
  readonly name: string;
  readonly kind: 'real' | 'twin';
  readonly status: 'healthy' | 'degraded' | 'unhealthy' | 'disabled';
  /** ISO, wall time. */
  readonly last_success_at: string | null;
  readonly message: string | null;
}

export type DeskMode = 'REPLAY' | 'PARTIAL' | 'LIVE';

/** Least share of the configured sources that must be real and fresh. A setting of the product, the same everywhere it is shown. */
export const LIVE_SHARE = 0.8;

/**
 * @param replaying a scenario is being played: then nothing else matters
 * @param sources those that are configured; a disabled one is not counted
 */
export function deskMode(replaying: boolean, sources: readonly SourceView[]): DeskMode {
  if (replaying) return 'REPLAY';
  const configured = sources.filter((s) => s.status !== 'disabled');
  const live = configured.filter((s) => s.kind === 'real' && s.status === 'healthy');
  return configured.length > 0 && live.length / configured.length >= LIVE_SHARE ? 'LIVE' : 'PARTIAL';
}
