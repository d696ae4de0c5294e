/** The base of every venue's twin: a loopback server that speaks what its routes say, and fails as told. */
export { startTwin } from './server.ts';
export { newTwinKey, TWIN_KEY_HEADER } from './guard.ts';
export { TwinFaults } from './faults.ts';
export type { TwinFault, TwinFaultInput, TwinFaultKind } from './faults.ts';
export type { TwinContext, TwinCounters, TwinOptions, TwinReply, TwinRequest, TwinRoute, TwinServer, TwinSocket, TwinSocketRoute } from './types.ts';
