/** Vessels heard over AIS: in a passage, waiting before it, turned away from it. */
export { createVesselIntake, takeReports, type VesselIntake, type VesselIntakeDeps } from './intake.ts';
export type { VesselReport } from './report.ts';
export { createVesselSource } from './source.ts';
export { forgetOldVessels, vesselCounts, type VesselCounts } from './store.ts';
