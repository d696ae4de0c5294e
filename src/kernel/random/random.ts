/** Where chance comes from: injected, so that a test or a failure can be run again from one seed. */

/** Uniform in [0, 1). */
export type Random = () => number;

export const systemRandom: Random = () => Math.random();
