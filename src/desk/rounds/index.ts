export { DESK_QUEUE, deskRound, enqueueReassessment, enqueueRound, ROUND_JOBS, scheduleRounds } from './rounds.ts';
