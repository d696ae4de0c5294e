import assert from 'node:assert/strict';
import type { RawStatement } from '../../flow/signals/ports.ts';
import { readStatement } from '../../flow/signals/read-statement.ts';
import { ManualClock, parseInstant, systemClock } from '../../model/time.ts';
import { venueMatrix } from '../matrix.ts';
import { directOutbound } from '../test-support/direct-outbound.ts';
import { createGdeltClient, createGdeltSignals, startGdeltTwin, type GdeltTwinArticle } from './index.ts';

const clock = new ManualClock('2026-03-01T18:00:00Z');
const article = (title: string, at: string, text = ''): GdeltTwinArticle => ({ title, url: `https://www.paper.example/${title.toLowerCase().replaceAll(' ', '-')}`, seenAt: parseInstant(at), text });
const articles = [
  article('Tankers halt at Strait of Hormuz', '2026-03-01T10:00:00Z'),
  article('Oil jumps', '2026-03-01T11:00:00Z', 'as the Strait of Hormuz and the Suez Canal are watched'),
  article('Suez Canal quiet', '2026-03-01T12:00:00Z'),
  article('Strait of Hormuz reopens', '2026-03-31T10:00:00Z'),
];

venueMatrix<readonly RawStatement[]>({
  venue: 'gdelt',
  start: async (deadlineMs) => {
    const twin = await startGdeltTwin({ articles, clock });
    const source = createGdeltSignals({ client: createGdeltClient({ outbound: directOutbound(), url: twin.url, deadlineMs }), kind: 'twin', clock: systemClock });
    return { twin, act: () => source.fetch(clock.now(), new AbortController().signal), [Symbol.asyncDispose]: () => twin.close() };
  },
  whole: (told) => {
    assert.ok(told.every((s) => typeof readStatement(s, clock.now()) !== 'string'), 'the stage takes each');
    assert.deepEqual(told.map((s) => [s.externalId, s.subjectHint?.id]), [['paper.example/oil-jumps', undefined], ['paper.example/suez-canal-quiet', 'suez'], ['paper.example/tankers-halt-at-strait-of-hormuz', 'hormuz']]);
  },
  // With its clock a month ahead it looks back from there, so what was seen today is out of its sight.
  ahead: (told) => assert.deepEqual(told, []),
});
