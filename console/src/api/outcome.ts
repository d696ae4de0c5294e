// What came of a decision, as the API tells it.
/** What came of a decision: seen in the counts, or told by a person. */
export interface Outcome {
  readonly source: 'observed' | 'reported';
  readonly hit: boolean;
  readonly closed_days: number | null;
  readonly still_closed: boolean;
  readonly levels: readonly { readonly chokepoint: string; readonly level: number | null }[] | null;
  readonly cost_usd: string | null;
  readonly action_taken: string | null;
  readonly note: string | null;
  readonly by: string | null;
  readonly known_at: string;
  readonly costs_usd: Readonly<Record<string, string>> | null;
}
