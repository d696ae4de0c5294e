// The API's replies as the console reads them. Times are ISO UTC, money is decimal text, probabilities are 0..1.
import type { Outcome } from './outcome.ts';

export type Mode = 'REPLAY' | 'PARTIAL' | 'LIVE';
export type Health = 'healthy' | 'degraded' | 'unhealthy' | 'disabled';

export interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
}

export interface SourceState {
  readonly name: string;
  readonly kind: 'real' | 'twin';
  readonly status: Health;
  readonly last_success_at: string | null;
  readonly message: string | null;
}

export interface ReplayState {
  readonly scenario: string;
  readonly title: string;
  readonly from: string;
  readonly to: string;
  readonly sim_time: string;
  /** 1-based. */
  readonly day: number;
  readonly days: number;
  readonly seconds_per_day: number;
  readonly status: 'playing' | 'paused' | 'ended';
  readonly started_at: string;
}

export interface DeskStatus {
  readonly mode: Mode;
  readonly as_of: string;
  readonly version: string;
  readonly sources: readonly SourceState[];
  readonly replay: ReplayState | null;
}

export interface ScenarioEvent {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly title: string;
  readonly source: string;
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly from: string;
  readonly to: string;
  readonly description: string;
  readonly events: readonly ScenarioEvent[];
}

export type ChokepointStatus = 'NORMAL' | 'PREDICTED_NOT_OBSERVED' | 'MATERIALIZING' | 'CONFIRMED' | 'SURPRISE';

export interface Alarm {
  readonly series: string;
  readonly alarmed_for: string;
  readonly known_at: string;
  readonly direction: 'down' | 'up';
  readonly statistic: number;
}

export interface Transits {
  readonly value: number;
  readonly unit: string;
  readonly observed_for: string;
  readonly known_at: string;
  readonly baseline_mean: number;
  readonly baseline_sd: number;
  readonly ratio: number;
  readonly source: string;
}

export interface Odds {
  readonly value: number;
  readonly question: string;
  readonly source: string;
  readonly url: string;
  readonly seen_at: string;
  readonly horizon_end: string;
}

export interface Chokepoint {
  readonly id: string;
  readonly name: string;
  readonly status: ChokepointStatus;
  readonly as_of: string;
  readonly transits: Transits | null;
  readonly probability: Odds | null;
  readonly alarm: Alarm | null;
  readonly exposed_shipments: number;
}

export interface PassagePlace {
  readonly id: string;
  readonly name: string;
  /** Degrees. */
  readonly lon: number;
  readonly lat: number;
  /** Corners of its waters; the last joins the first. */
  readonly outline: readonly (readonly [lon: number, lat: number])[];
}

export interface RouteEnd {
  readonly locode: string;
  readonly name: string;
  readonly lon: number;
  readonly lat: number;
}

export interface SeaRoute {
  readonly from: RouteEnd;
  readonly to: RouteEnd;
  readonly closed: readonly string[];
  readonly distance_nm: number;
  readonly days_at_16_knots: number;
  /** In the order in which the ship meets them; `fraction` of the distance is sailed when it enters. */
  readonly passages: readonly { readonly id: string; readonly fraction: number }[];
  /** Against the way with every passage open. */
  readonly extra_distance_nm: number;
  readonly extra_days: number;
  /** [lon, lat]; longitudes go on beyond ±180 across the antimeridian. */
  readonly path: readonly (readonly [lon: number, lat: number])[];
}

export interface TransitPoint {
  readonly observed_for: string;
  readonly known_at: string;
  readonly value: number;
}
export interface OddsPoint {
  readonly at: string;
  readonly value: number;
  readonly question: string;
  readonly source: string;
}
export interface FreightPoint {
  readonly observed_for: string;
  readonly known_at: string;
  readonly value: number;
  readonly unit: string;
  readonly lane: string;
}

export interface ChokepointHistory {
  readonly id: string;
  readonly transits: readonly TransitPoint[];
  readonly odds: readonly OddsPoint[];
  readonly freight: readonly FreightPoint[];
  readonly alarms: readonly Alarm[];
}

export interface Evidence {
  readonly source: string;
  readonly url: string;
  readonly hash: string;
  readonly seen_at: string;
}

export interface Signal {
  readonly id: string;
  /** `event`: a forecast. `report`: somebody says that it is so; without a probability. */
  readonly kind: 'event' | 'report';
  readonly source: string;
  /** Null where no rule knows what the question is about. */
  readonly subject: { readonly type: string; readonly id: string } | null;
  readonly claim: string;
  /** Null for a report. */
  readonly probability: number | null;
  readonly polarity: 'raises' | 'lowers' | null;
  readonly horizon_end: string | null;
  readonly expires_at: string | null;
  readonly confidence: number;
  readonly confidence_reasons: readonly string[];
  readonly status: 'live' | 'rejected' | 'expired';
  readonly rejected_by: string | null;
  readonly evidence: readonly Evidence[];
  readonly corroboration: { readonly reports: number; readonly outlets: number };
  readonly observed_at: string;
  readonly known_at: string;
}

export const ACTIONS = ['proceed', 'reroute', 'divert', 'delay', 'insure', 'hedge', 'split', 'wait'] as const;
export type Action = (typeof ACTIONS)[number];
export type DecisionStatus = 'active' | 'superseded' | 'expired' | 'acknowledged' | 'overridden';
export type Severity = 'low' | 'medium' | 'high' | 'critical';
export type Interval = readonly [low: string, high: string];

export interface DecisionSummary {
  readonly id: string;
  readonly shipment_id: string;
  readonly shipment_reference: string;
  readonly customer_id: string;
  readonly customer_name: string;
  readonly route: { readonly from: string; readonly to: string };
  readonly vessel: string | null;
  readonly chokepoint: string;
  readonly status: DecisionStatus;
  readonly action: Action;
  readonly headline: string;
  readonly probability: number;
  readonly break_even: number | null;
  readonly expected_cost_usd: string;
  readonly expected_cost_of_proceeding_usd: string;
  readonly saving_usd: string;
  readonly interval_90_usd: Interval;
  readonly deadline: string | null;
  readonly deadline_reason: string;
  readonly exposure_usd: string;
  readonly confidence: number;
  readonly severity: Severity;
  readonly escalated: string | null;
  readonly as_of: string;
  readonly created_at: string;
}

export interface CostComponent {
  readonly name: string;
  readonly calm_usd: string;
  readonly hit_usd: string;
  readonly low_usd: string;
  readonly high_usd: string;
  readonly source: string;
}

export interface Option {
  readonly action: Action;
  readonly title: string;
  readonly expected_cost_usd: string;
  readonly interval_90_usd: Interval;
  readonly cost_if_calm_usd: string;
  readonly cost_if_hit_usd: string;
  readonly components: readonly CostComponent[];
  readonly extra_days: number;
  readonly feasible: boolean;
  readonly why_not: string | null;
}

export interface InactionPoint {
  readonly at: string;
  readonly hours_from_now: number;
  readonly extra_cost_usd: string;
  readonly note: string | null;
}

export interface CausalLink {
  readonly statement: string;
  readonly probability: number | null;
  readonly source: string;
  readonly evidence_id: string | null;
}

export interface Answers {
  readonly what: string;
  readonly when: string;
  readonly how_bad: string;
  readonly why: string;
  readonly what_to_do: string;
  readonly how_sure: string;
  readonly if_nothing: string;
}

export interface Decision extends DecisionSummary {
  /** Null while it is not known. */
  readonly outcome: Outcome | null;
  readonly answers: Answers;
  /** Of the words of this reply; absent where the desk writes English alone. */
  readonly language?: string;
  readonly options: readonly Option[];
  readonly inaction_curve: readonly InactionPoint[];
  readonly causal_chain: readonly CausalLink[];
  readonly steps: readonly string[];
  readonly history: readonly {
    readonly id: string;
    readonly as_of: string;
    readonly action: Action;
    readonly probability: number;
    readonly break_even: number | null;
    readonly expected_cost_usd: string;
  }[];
  readonly rule_version: string;
  readonly inputs_hash: string;
  readonly inputs: readonly { readonly kind: string; readonly id: string; readonly hash: string }[];
}

export interface Shipment {
  readonly id: string;
  readonly reference: string;
  readonly customer_id: string;
  readonly customer_name: string;
  readonly from: string;
  readonly from_name: string;
  readonly to: string;
  readonly to_name: string;
  readonly etd: string;
  readonly eta: string;
  readonly cargo_value_usd: string;
  readonly containers: number;
  readonly container_type: string;
  readonly teu: number;
  readonly feu: number;
  readonly goods_class: string;
  readonly carrier: string;
  readonly vessel: string | null;
  readonly status: string;
  readonly chokepoints: readonly string[];
  readonly distance_nm: number;
}

export type AlertStatus = 'queued' | 'sending' | 'sent' | 'delivered' | 'read' | 'failed' | 'suppressed';

/** One alert at one contact. */
export interface AlertDelivery {
  readonly position: number;
  readonly role: 'customer' | 'operators';
  readonly channel: string;
  readonly recipient: string;
  readonly status: string;
  /** What is known of it, in words. */
  readonly proof: string;
  /** Why it is held, or is not needed. */
  readonly reason: string | null;
  /** End of the quiet hours, in desk time. */
  readonly held_until: string | null;
  /** The number of its newest try among the alert's. */
  readonly attempts: number | null;
  readonly sent_at: string | null;
  readonly delivered_at: string | null;
  readonly read_at: string | null;
  /** Since when it does not count as told any more. */
  readonly lapsed_at: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

export interface Alert {
  readonly id: string;
  readonly decision_id: string;
  readonly customer_name: string;
  readonly recipient: string;
  readonly channel: string;
  readonly status: AlertStatus;
  readonly headline: string;
  readonly body: string;
  readonly attempts: number;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly created_at: string;
  readonly sent_at: string | null;
  readonly delivered_at: string | null;
  readonly read_at: string | null;
  readonly as_of: string;
  readonly deadline: string | null;
  /** Why the operators were called: exhausted, unread, held or call_me. */
  readonly escalated: string | null;
  readonly call_request: { readonly open: boolean; readonly asked_at: string } | null;
  /** In order of preference, the operators last. */
  readonly deliveries: readonly AlertDelivery[];
}

export interface Component {
  readonly status: Health;
  readonly latency_ms: number;
  readonly message?: string | null;
  readonly critical?: boolean;
  readonly checked_at?: string;
  readonly since?: string;
  readonly last_error?: { readonly at: string; readonly message: string } | null;
}

export interface Breaker {
  readonly state: 'closed' | 'open' | 'half_open';
  readonly failures: number;
  readonly opened_at: string | null;
  readonly next_attempt_at: string | null;
  readonly last_error: string | { readonly message: string } | null;
  readonly calls: number;
  readonly rejected: number;
}

export interface Me {
  readonly subject: string;
  readonly role: string;
}
