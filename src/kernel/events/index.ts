export { createEventBus, EVENTS_SESSION } from './event-bus.ts';
export type { EventBusOptions, StartedEventBus } from './event-bus.ts';
export type { EventBus } from './types.ts';
