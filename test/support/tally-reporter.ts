/** Counts what ran and closes with one plain line; names what was skipped, and why. */
import type { TestEvent } from 'node:test/reporters';

export default async function* tally(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  let passed = 0;
  let failed = 0;
  const skipped: string[] = [];
  for await (const event of source) {
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue;
    const { data } = event;
    if (data.details.type === 'suite') continue;
    if (data.skip !== undefined && data.skip !== false) skipped.push(`${data.name}${typeof data.skip === 'string' ? `: ${data.skip}` : ''}`);
    else if (event.type === 'test:pass') passed += 1;
    else failed += 1;
  }
  if (skipped.length > 0) yield `\nskipped:\n${skipped.map((line) => `  ${line}`).join('\n')}\n`;
  yield `\n${passed} passed, ${failed} failed, ${skipped.length} skipped\n`;
}
