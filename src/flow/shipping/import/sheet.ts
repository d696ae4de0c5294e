/** XLSX bytes as cells, read in a thread of its own: a small archive may hold gigabytes, and such a one ends its thread, not the desk. */
import { Worker } from 'node:worker_threads';
import { errors } from '../errors.ts';
import type { Cell } from './cell.ts';

/** What a sheet of 20,000 rows and 20 columns takes, several times over. */
const MEMORY_MIB = 512;
const TIMEOUT_MS = 30_000;
const UNPACKED_BYTES_MAX = 200 * 1_048_576;

/** @throws CodedError IMPORT_FILE_UNREADABLE, IMPORT_TOO_LARGE */
export async function readSheet(bytes: Uint8Array): Promise<readonly (readonly Cell[])[]> {
  // Every archive begins so; a .xls of 1997 or a renamed CSV does not.
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) throw unreadable('It is not an XLSX file');
  if (unpackedBytes(bytes) > UNPACKED_BYTES_MAX) throw errors.IMPORT_TOO_LARGE({ detail: 'Unpacked, the file would be too large to be read', fix: 'Split it, or send it as CSV' });
  const worker = new Worker(new URL('sheet-worker.ts', import.meta.url), { workerData: bytes, resourceLimits: { maxOldGenerationSizeMb: MEMORY_MIB, stackSizeMb: 8 }, stdout: true, stderr: true });
  const late = AbortSignal.timeout(TIMEOUT_MS);
  try {
    return await new Promise<readonly (readonly Cell[])[]>((resolve, reject) => {
      late.addEventListener('abort', () => reject(errors.IMPORT_TOO_LARGE({ detail: `The file could not be read within ${TIMEOUT_MS / 1_000} s`, fix: 'Split it, or send it as CSV' })));
      worker.once('message', (reply: { rows: Cell[][] } | { error: string }) => ('rows' in reply ? resolve(reply.rows) : reject(unreadable(reply.error))));
      worker.once('error', (cause: NodeJS.ErrnoException) => {
        if (cause.code === 'ERR_WORKER_OUT_OF_MEMORY') reject(errors.IMPORT_TOO_LARGE({ detail: 'Unpacked, the file is too large to be read', fix: 'Split it, or send it as CSV', cause }));
        else reject(unreadable('It could not be read', cause));
      });
      worker.once('exit', () => reject(unreadable('It could not be read')));
    });
  } finally {
    await worker.terminate();
  }
}

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;

/**
 * The sum of sizes that the archive's directory states. The limits of the thread hold its heap but not its buffers, so what says itself
 * that it is huge is not opened.
 * Source of the layout: PKWARE APPNOTE 6.3.10, 4.3.12 and 4.3.16.
 */
function unpackedBytes(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (end >= Math.max(0, bytes.length - 22 - 0xffff) && view.getUint32(end, true) !== END_OF_DIRECTORY) end -= 1;
  if (end < 0 || view.getUint32(end, true) !== END_OF_DIRECTORY) throw unreadable('It is not a whole XLSX file');
  let at = view.getUint32(end + 16, true);
  let sum = 0;
  for (let left = view.getUint16(end + 10, true); left > 0; left -= 1) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== DIRECTORY_ENTRY) throw unreadable('Its directory is broken');
    sum += view.getUint32(at + 24, true);
    at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return sum;
}

const unreadable = (detail: string, cause?: unknown): Error => errors.IMPORT_FILE_UNREADABLE({ detail, fix: 'Save it anew as .xlsx, or send it as CSV', cause });
