import { defineErrors } from '../../kernel/errors/index.ts';

export const errors = defineErrors({
  ALERT_UNKNOWN: { status: 404, title: 'No such alert' },
  ALERT_NOT_REQUEUEABLE: { status: 409, title: 'This alert cannot be put back into the queue' },
  ALERT_CALL_NOT_OPEN: { status: 409, title: 'No call is asked for' },
  WEBHOOK_HANDSHAKE_REFUSED: { status: 403, title: 'The webhook handshake has another verify token' },
  WEBHOOK_SIGNATURE_INVALID: { status: 401, title: 'The webhook is not signed by the channel' },
  WEBHOOK_UNREADABLE: { status: 400, title: 'The webhook is signed, but is not of the known shape', report: true },
});
