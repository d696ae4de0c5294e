import { defineErrors } from '../../kernel/errors/index.ts';

export const aisErrors = defineErrors({
  AIS_SOURCE_INVALID: { status: 400, title: 'The address of an AIS receiver cannot be used' },
  AIS_RECEIVER_FAILED: { status: 500, title: 'An AIS receiver could not be opened', report: true },
});
