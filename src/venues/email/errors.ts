import { defineErrors } from '../../kernel/errors/index.ts';

export const emailErrors = defineErrors({
  EMAIL_SETTINGS_WRONG: { status: 500, title: 'The settings for e-mail cannot be used' },
});
