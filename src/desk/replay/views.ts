/** What the API says of a replay, and what it takes. */
import { z } from 'zod';
import { real } from '../../kernel/http/fields.ts';

export const replayView = z.object({
  scenario: z.string().describe('Folder name of the scenario'),
  title: z.string(),
  from: z.iso.date().describe('First day that is played'),
  to: z.iso.date().describe('Last day that is played'),
  sim_time: z.iso.datetime().describe('The scenario\'s now: what was known by then is seen, nothing after it'),
  day: z.int().describe('1 on the first day'),
  days: z.int(),
  seconds_per_day: z.number(),
  status: z.enum(['playing', 'paused', 'ended']),
  started_at: z.iso.datetime(),
});
export type ReplayView = z.output<typeof replayView>;

export const replayCommand = z.strictObject({
  action: z.enum(['play', 'pause', 'restart']).describe('`play` goes on from where it is; `restart` forgets what was played and begins with the first day'),
  seconds_per_day: real(0, 3_600).optional().describe('Pace from now on; 0 is as fast as the work is done'),
});
export type ReplayCommand = z.output<typeof replayCommand>;

export const scenarioView = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  from: z.iso.date(),
  to: z.iso.date(),
  events: z.array(z.object({ day: z.iso.date(), title: z.string(), source: z.string() })),
});
export type ScenarioView = z.output<typeof scenarioView>;
