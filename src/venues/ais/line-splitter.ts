/** Lines out of chunks that are cut anywhere. Bounded: a line without an end is dropped and counted, not gathered. */

/** NMEA allows 82 characters; TAG blocks and receivers' remarks make more, none makes this. */
const LINE_CHARACTERS_MAX = 1_024;

export class LineSplitter {
  #rest = '';
  #skipping = false;
  /** Lines longer than may be, dropped whole. */
  overlong = 0;

  /** Calls `onLine` for each line that `chunk` completes, without its end. Empty lines are passed over. */
  push(chunk: string, onLine: (line: string) => void): void {
    let from = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', from)) {
      const line = this.#take(chunk.slice(from, end));
      from = end + 1;
      if (line !== null && line !== '') onLine(line);
    }
    this.#keep(chunk.slice(from));
  }

  /** What came without an end at the close of its source. */
  end(onLine: (line: string) => void): void {
    const line = this.#take('');
    if (line !== null && line !== '') onLine(line);
  }

  #take(part: string): string | null {
    const skipped = this.#skipping;
    const line = this.#rest + part;
    this.#rest = '';
    this.#skipping = false;
    if (skipped) return null;
    if (line.length > LINE_CHARACTERS_MAX) {
      this.overlong += 1;
      return null;
    }
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  }

  #keep(part: string): void {
    if (this.#skipping) return;
    this.#rest += part;
    if (this.#rest.length <= LINE_CHARACTERS_MAX) return;
    this.#rest = '';
    this.#skipping = true;
    this.overlong += 1;
  }
}
