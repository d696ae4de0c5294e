/** What the stand-in for WhatsApp has put on phones: its journal outlives the process. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @returns the alert's id of each message, oldest first; one id twice is a message that a customer got twice */
export function messagesOnPhones(home: string): readonly string[] {
  const file = join(home, 'whatsapp-twin.ndjson');
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { kind: string; opaque: string })
    .filter((line) => line.kind === 'message')
    .map((line) => line.opaque.split(':')[0]!);
}
