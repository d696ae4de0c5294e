/** Structured logging: one event a line. */
export type Fields = Readonly<Record<string, unknown>>;

/** `event` is a constant in snake_case (`circuit_opened`), `fields` what differs. Secrets are never passed here. */
export interface Logger {
  debug(event: string, fields?: Fields): void;
  info(event: string, fields?: Fields): void;
  warn(event: string, fields?: Fields): void;
  /** Pass an exception as `error`: its code, message and stack are written. */
  error(event: string, fields?: Fields): void;
  child(fields: Fields): Logger;
}

/** A logger that says nothing: for tests of what does not log. */
export const silentLogger: Logger = Object.freeze({ debug() {}, info() {}, warn() {}, error() {}, child: () => silentLogger });
