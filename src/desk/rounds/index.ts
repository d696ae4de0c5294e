export {
  DESK_QUEUE,
  deskRound,
  enqueueFirstRound,
  enqueueReassessment,
  enqueueRound,
  enqueueWeighing,
  ROUND_JOBS,
  scheduleRounds,
} from './rounds.ts';
