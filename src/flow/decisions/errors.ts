import { defineErrors } from '../../kernel/errors/index.ts';

export const errors = defineErrors({
  DECISION_UNKNOWN: { status: 404, title: 'No such decision' },
  DECISION_CLOSED: { status: 409, title: 'This decision is no longer open' },
  DECISION_ACTION_NOT_OFFERED: { status: 422, title: 'The decision does not offer that action' },
  DECISION_RULE_UNKNOWN: { status: 409, title: 'The decision was made by a version of the rules that this program does not hold' },
});
