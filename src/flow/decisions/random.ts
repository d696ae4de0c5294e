/** Random numbers from a seed, for the Monte Carlo interval: the same inputs draw the same numbers for ever. */
export { seededUniform } from '../../kernel/random/seeded-uniform.ts';
