/** graphile-worker's own log, in ours. Each job's end is logged by `run-job.ts`, so only the library's troubles pass. */
import { Logger as LibraryLogger } from 'graphile-worker';
import type { Logger } from '../logging/types.ts';

export const quietLogger = (): LibraryLogger => new LibraryLogger(() => () => undefined);

/** @param onTrouble told of errors that are the library's own, such as a failed fetch */
export function libraryLogger(logger: Logger, onTrouble: (message: string) => void): LibraryLogger {
  return new LibraryLogger(() => (level, message, meta) => {
    if (level !== 'error' && level !== 'warning') return;
    if (meta?.['failure'] === true) return;
    // An error of the library holds the connection's or the job's details, payload included: the first line is enough.
    logger.warn('job_library_trouble', { message: message.split('\n', 1)[0]!.slice(0, 300) });
    if (level === 'error') onTrouble(message);
  });
}
