import { defineErrors } from '../errors/index.ts';

export const errors = defineErrors({
  JOB_FENCED: { status: 409, title: 'This worker no longer holds the job: nothing of it was stored' },
  JOB_PAYLOAD_INVALID: { status: 500, title: 'A stored job has a payload that its handler does not take', report: true },
  /** Thrown by a handler: no further try can succeed, so the job becomes a dead letter at once. */
  JOB_HOPELESS: { status: 500, title: 'The job can never succeed', report: true },
  JOB_HANDLED_TWICE: { status: 500, title: 'Two handlers for one kind of job', report: true },
  JOB_SERIAL_UNDECLARED: { status: 500, title: 'A serial queue for a kind of job that does not declare one', report: true },
  JOB_SCHEDULE_INVALID: { status: 500, title: 'A schedule cannot be read', report: true },
  DEAD_LETTER_UNKNOWN: { status: 404, title: 'There is no such dead letter' },
});
