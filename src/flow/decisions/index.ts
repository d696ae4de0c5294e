/** The stage `decisions`: what to do about each shipment, in dollars and with a deadline, and why. */
export type { DecisionContent } from './content.ts';
export type { Evaluation, Scope } from './evaluate.ts';
export type { Claim, DecisionInputs, DecisionReader, EventRisk, Evidence, FreightRate, Interval, OnwardRisk } from './inputs.ts';
export { interval } from './interval.ts';
export { decisionsEvaluate, handleDecisionJobs, type EvaluatePayload } from './jobs.ts';
export type { Action } from './options/index.ts';
export type { FreightReader, MadeDecision, OnDecision, RiskReader } from './ports.ts';
export type { Replay } from './replay.ts';
export type { DecisionRoutesDeps } from './route-parts.ts';
export { createRiskReader } from './risk-reader.ts';
export type { RiskSources, SourceLink, SourceSignal, SourceState } from './risk-sources.ts';
export { decisionRoutes } from './routes.ts';
export { createDecisions, type DecisionsDeps, type DecisionService } from './service.ts';
export { COEFFICIENTS, PARAMETERS, RULE_VERSION } from './settings.ts';
export { findDecision, listDecisions, type StoredDecision } from './store/decisions.ts';
export { moment } from './texts/en.ts';
export type { Texts } from './texts/texts.ts';
