/** `bellwether calibration`: what a running desk says of its own record. */
import type { CalibrationView } from '../flow/record/index.ts';
import { EXIT, type Command } from './command.ts';
import { askDesk, deskOptions } from './running-desk.ts';
import { table, type Terminal } from './terminal.ts';

export const calibrationCommand: Command = {
  name: 'calibration',
  usage: 'calibration',
  about: 'how good the running desk\'s forecasts have been, and what its pool has learnt',
  options: deskOptions,
  async run(context) {
    const view = await askDesk<CalibrationView>(context, '/api/v1/calibration');
    if (context.flag('json')) context.terminal.out(`${JSON.stringify(view, null, 2)}\n`);
    else writeCalibration(context.terminal, view);
    return EXIT.ok;
  },
};

/** Four decimals for scores: a difference of 0.002 is what decides. */
function writeCalibration(terminal: Pick<Terminal, 'out'>, view: CalibrationView): void {
  const score = (x: number): string => x.toFixed(4);
  const between = (i: readonly [number, number] | null): string => (i ? `${score(i[0])} to ${score(i[1])}` : 'one event: unknown');
  terminal.out(`As of ${view.as_of}. In use: ${view.in_use === 'market' ? 'the raw market' : `the pool (${view.pooling_version})`}.\n${view.why}\n`);
  if (view.forecasters.length > 0) {
    terminal.out(`\n${table(view.forecasters, [
      { title: 'forecaster', value: (f) => f.forecaster },
      { title: 'forecasts', value: (f) => String(f.n), align: 'right' },
      { title: 'events', value: (f) => String(f.clusters), align: 'right' },
      { title: 'Brier', value: (f) => score(f.brier), align: 'right' },
      { title: '90 %', value: (f) => between(f.brier_interval_90) },
      { title: 'log loss', value: (f) => score(f.log_loss), align: 'right' },
      { title: 'calibration error', value: (f) => score(f.ece), align: 'right' },
      { title: 'resolution', value: (f) => score(f.murphy.resolution), align: 'right' },
    ])}`);
  }
  if (view.sources.length > 0) {
    terminal.out(`\n${table(view.sources, [
      { title: 'source', value: (s) => s.source },
      { title: 'forecasts', value: (s) => String(s.n), align: 'right' },
      { title: 'events', value: (s) => String(s.clusters), align: 'right' },
      { title: 'reliability', value: (s) => s.reliability.toFixed(2), align: 'right' },
      { title: '90 %', value: (s) => (s.reliability_interval_90 ? s.reliability_interval_90.map((x) => x.toFixed(2)).join(' to ') : 'one event: unknown') },
      { title: 'in use', value: (s) => s.in_use.toFixed(2), align: 'right' },
    ])}`);
  }
  if (view.learning.versions.length > 0) {
    terminal.out(`\n${table(view.learning.versions, [
      { title: 'tried', value: (v) => v.tried_at.slice(0, 10) },
      { title: 'adopted', value: (v) => (v.adopted ? 'yes' : 'no') },
      { title: 'a', value: (v) => v.extremizing.toFixed(2), align: 'right' },
      { title: 'held-out events', value: (v) => String(v.test.clusters), align: 'right' },
      { title: 'raw', value: (v) => score(v.brier_raw), align: 'right' },
      { title: 'pooled', value: (v) => score(v.brier_pooled), align: 'right' },
      { title: 'why', value: (v) => v.why, max: 90 },
    ])}`);
  }
  const { decisions } = view;
  terminal.out(`\n${decisions.n_with_outcome === 0 ? 'No decision has an outcome yet.' : `${decisions.n_with_outcome} decisions with an outcome: $${decisions.regret_usd} above the best in hindsight.`}\n`);
}
