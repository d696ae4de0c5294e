/** The thread of `sheet.ts`: the first sheet's cells, posted back once. */
import { parentPort, workerData } from 'node:worker_threads';
import { readSheet } from 'read-excel-file/node';

try {
  const rows = await readSheet(Buffer.from(workerData as Uint8Array), { trim: true });
  parentPort!.postMessage({ rows });
} catch (error) {
  parentPort!.postMessage({ error: `It is not a readable XLSX file (${(error as Error).message.slice(0, 200)})` });
}
