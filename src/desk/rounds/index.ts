export { DESK_QUEUE, deskRound, enqueueReassessment, enqueueRound, enqueueWeighing, ROUND_JOBS, scheduleRounds } from './rounds.ts';
