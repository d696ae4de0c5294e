/** What the desk tells open consoles as it happens. Small: ids and times, never rows. */
export type DeskEvents = {
  readonly 'replay.tick': { readonly sim_time: string; readonly day: number; readonly status: 'playing' | 'paused' | 'ended' };
  readonly 'signal.stored': { readonly id: string; readonly as_of: string; readonly subject: string };
  readonly 'observation.stored': { readonly series: string; readonly as_of: string; readonly count: number };
  readonly 'decision.made': { readonly id: string; readonly as_of: string; readonly action: string };
  readonly 'alert.updated': { readonly id: string; readonly as_of: string; readonly status: string };
};
