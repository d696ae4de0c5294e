/** A logger that remembers each line as `[event, fields]`. */
import type { Fields, Logger } from '../../src/kernel/logging/types.ts';

export function recordingLogger(): Logger & { readonly lines: [string, Fields][]; events(): string[] } {
  const lines: [string, Fields][] = [];
  const write = (event: string, fields: Fields = {}): void => void lines.push([event, fields]);
  const logger: Logger = { debug: write, info: write, warn: write, error: write, child: () => logger };
  return { ...logger, lines, events: () => lines.map(([event]) => event) };
}
