/**
 * The stages in the order in which work flows through them. A stage may import those above it, through their
 * `index.ts` only; what is below it is reached by a job or an event.
 */
export const STAGES = Object.freeze(['signals', 'reality', 'shipping', 'decisions', 'alerts', 'record'] as const);
export type Stage = (typeof STAGES)[number];
