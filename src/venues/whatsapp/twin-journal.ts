/**
 * What the twin's phone has got, in a file of one JSON line each (NDJSON), so that it survives the death of its process.
 * A line is written before the sender is answered. A last line that was cut by a kill is dropped when the file is read.
 */
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { errors } from './errors.ts';

const planned = z.object({
  status: z.enum(['sent', 'delivered', 'read', 'failed']),
  /** When the webhook is due, and the time that it tells: epoch milliseconds. */
  due: z.number(),
  at: z.number(),
  code: z.number().int().nullable(),
});

const message = z.object({
  kind: z.literal('message'),
  wamid: z.string(),
  /** Digits only, as WhatsApp writes a number. */
  to: z.string(),
  opaque: z.string().nullable(),
  template: z.string(),
  language: z.string(),
  parameters: z.array(z.string()),
  /** As the phone shows it. */
  text: z.string(),
  accepted_at: z.number(),
  plan: z.array(planned),
});

const line = z.discriminatedUnion('kind', [
  message,
  z.object({ kind: z.literal('reply'), id: z.string(), from: z.string(), text: z.string(), in_reply_to: z.string().nullable(), at: z.number() }),
  /** A webhook was answered with 2xx. `of`: the message's or the reply's id. */
  z.object({ kind: z.literal('told'), of: z.string(), index: z.number().int() }),
]);

export type PlannedStatus = z.infer<typeof planned>;
export type TwinMessage = Readonly<z.infer<typeof message>>;
export type TwinReplyLine = Readonly<Extract<z.infer<typeof line>, { kind: 'reply' }>>;
export type JournalLine = z.infer<typeof line>;

export interface Journal {
  /** Oldest first. */
  lines(): readonly JournalLine[];
  append(entry: JournalLine): void;
}

/** The file holds telephone numbers and messages of customers. */
const OWNER_ONLY = 0o600;

/**
 * @param path of the file; created when absent, and made readable by its owner alone when it exists
 * @throws CodedError WHATSAPP_TWIN_JOURNAL when a line before the last is damaged
 */
export function openJournal(path: string): Journal {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (existsSync(path)) chmodSync(path, OWNER_ONLY);
  const lines = existsSync(path) ? readLines(path) : [];
  return {
    lines: () => lines,
    append(entry) {
      // Not fsynced: it outlives a killed process, which is what the twin promises, not a power cut.
      appendFileSync(path, `${JSON.stringify(entry)}\n`, { mode: OWNER_ONLY });
      lines.push(entry);
    },
  };
}

function readLines(path: string): JournalLine[] {
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) truncateSync(path, Buffer.byteLength(whole));
  return whole
    .split('\n')
    .filter((row) => row !== '')
    .map((row, i) => {
      try {
        return line.parse(JSON.parse(row));
      } catch (cause) {
        throw errors.WHATSAPP_TWIN_JOURNAL({ detail: `Line ${i + 1} of ${path} is damaged`, fix: 'Move the file away: the phone then starts empty', cause });
      }
    });
}
