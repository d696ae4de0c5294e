import { defineErrors } from '../../kernel/errors/index.ts';

export const portwatchErrors = defineErrors({
  PORTWATCH_INCOMPLETE: { status: 502, title: 'PortWatch gave only a part of its rows' },
});
