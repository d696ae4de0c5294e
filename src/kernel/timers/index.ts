export { ManualTimers } from './manual-timers.ts';
export { TimerWheel } from './timer-wheel.ts';
export { pause } from './types.ts';
export type { TimerHandle, Timers } from './types.ts';
