/** The assessment of inputs on grounds of their own, as `decide` makes it. */
import { assess, type Assessment } from '../assess.ts';
import { groundsOf } from '../grounds.ts';
import type { DecisionInputs } from '../inputs.ts';

export const assessed = (inputs: DecisionInputs): Assessment | null => assess(inputs, groundsOf(inputs.risks, inputs.asOf));
