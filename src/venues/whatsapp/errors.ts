import { defineErrors } from '../../kernel/errors/index.ts';

export const errors = defineErrors({
  WHATSAPP_TWIN_JOURNAL: { status: 500, title: 'The journal of the WhatsApp twin cannot be read', report: true },
});
