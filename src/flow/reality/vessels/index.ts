/** Vessels heard over AIS: in a passage, waiting before it, turned away from it. */
export { listeningBox, PASSAGE_AREAS } from './areas.ts';
export { createVesselIntake, takeReports, type VesselIntake, type VesselIntakeDeps } from './intake.ts';
export { createVesselSource } from './source.ts';
export { forgetOldVessels, vesselCounts, type VesselCounts } from './store.ts';
