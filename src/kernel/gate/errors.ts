import { defineErrors } from '../errors/index.ts';

export const errors = defineErrors({
  GATE_PROVIDER_UNKNOWN: { status: 404, title: 'The rate gate has no quota of that name' },
  GATE_TIER_UNKNOWN: { status: 400, title: 'The provider has no tier of that name' },
  GATE_QUOTA_EXHAUSTED: { status: 429, title: "The provider's quota is used up for now" },
  GATE_WEIGHT_TOO_LARGE: { status: 400, title: 'One call asks for more than the whole quota' },
  GATE_NOT_BLOCKING: { status: 409, title: 'The quota is not blocking, so a reset would only hide what uses it up' },
  GATE_CLOSED: { status: 503, title: 'The rate gate is stopping' },
});
