// Odds and transits of one chokepoint: as a chart, or as the same figures in a table.
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, useState, type ReactNode } from 'react';
import { historyQuery, scenariosQuery } from '../api/queries.ts';
import type { Chokepoint, ChokepointHistory, DeskStatus, ScenarioEvent } from '../api/types.ts';
import { usePolling } from '../api/use-desk.ts';
import { percent } from '../format/number.ts';
import { DAY, day, dayShort, millis } from '../format/time.ts';
import { Icon } from '../ui/icons.tsx';
import { TableFrame } from '../ui/list-frame.tsx';
import { Block, Empty, Guard } from '../ui/states.tsx';
import { chosenQuestion, columnsOf, dayRows, type Columns } from './history-columns.ts';
import type { Marks } from './paint.ts';
import css from './history-panel.module.css';

const HistoryChart = lazy(() => import('./history-chart.tsx'));

/** What a live desk looks back on. */
const LIVE_DAYS = 120;
/** The line of words under the chart; a phone has none. */
const READOUT = matchMedia('(max-width: 799px)').matches ? 0 : 22;

const isoDay = (at: number): string => new Date(at).toISOString().slice(0, 10);

export interface Window {
  readonly from: string;
  readonly to: string;
  /** Epoch ms. */
  readonly asOf: number;
}

/** The whole scenario in a replay, so that the picture fills as it plays and nothing moves; else the last 120 days. */
export function windowOf(status: DeskStatus): Window {
  const asOf = millis(status.as_of);
  return status.replay ? { from: status.replay.from, to: status.replay.to, asOf } : { from: isoDay(asOf - LIVE_DAYS * DAY), to: isoDay(asOf), asOf };
}

/** Recorded events up to now: a replay tells nothing of what is still to come. */
export function useEvents(status: DeskStatus): readonly ScenarioEvent[] {
  const { data } = useQuery({ ...scenariosQuery, enabled: status.replay !== null });
  const scenario = data?.find((one) => one.name === status.replay?.scenario);
  const asOf = status.as_of.slice(0, 10);
  return useMemo(() => (scenario?.events ?? []).filter((event) => event.day <= asOf), [scenario, asOf]);
}

interface HistoryPanelProps {
  readonly chokepoint: Chokepoint;
  readonly status: DeskStatus;
  /** Pixels of the chart. */
  readonly height: number;
  readonly aside?: ReactNode;
}

export function HistoryPanel({ chokepoint, status, height, aside }: HistoryPanelProps) {
  const window = windowOf(status);
  const refetchInterval = usePolling();
  const query = useQuery({ ...historyQuery(chokepoint.id, window.from, window.to), refetchInterval });
  const [asTable, setAsTable] = useState(false);
  return (
    <div>
      <div className={css.tools}>
        <div className={css.about}>{aside}</div>
        <Button className={css.toggle} size="compact-sm" variant="subtle" aria-label={asTable ? 'Show the chart' : 'Show the figures as a table'} onClick={() => setAsTable(!asTable)}>
          <Icon name={asTable ? 'system' : 'table'} size={14} />
          <span className={css.word}>{asTable ? 'Chart' : 'Table'}</span>
        </Button>
      </div>
      <Guard query={query} what={`the history of ${chokepoint.name}`} loading={<Block height={height + READOUT} />}>
        {(history) => <Picture history={history} chokepoint={chokepoint} status={status} window={window} height={height} asTable={asTable} />}
      </Guard>
    </div>
  );
}

interface PictureProps extends Omit<HistoryPanelProps, 'aside'> {
  readonly history: ChokepointHistory;
  readonly window: Window;
  readonly asTable: boolean;
}

function Picture({ history, chokepoint, status, window: { from, to, asOf }, height, asTable }: PictureProps) {
  const events = useEvents(status);
  const question = chosenQuestion(history.odds, chokepoint.probability?.question ?? null);
  // A price holds until now only while its market is open: of one that is settled the line ends where its prices do.
  const heldUntil = question !== null && question === chokepoint.probability?.question ? asOf : Number.NEGATIVE_INFINITY;
  const columns = useMemo(() => columnsOf(history, question, heldUntil), [history, question, heldUntil]);
  const range = useMemo(() => [millis(from) / 1000, (millis(to) + DAY) / 1000] as const, [from, to]);
  const { transits } = chokepoint;
  const marks = useMemo<Marks>(
    () => ({
      baseline: transits ? { mean: transits.baseline_mean, sd: transits.baseline_sd } : null,
      now: asOf / 1000,
      // Several series may alarm on one day: one flag says it.
      alarms: [...new Set(history.alarms.map(({ known_at }) => known_at))].map((known) => ({ at: millis(known) / 1000, words: `Alarm ${dayShort(known)}` })),
      events: events.map((event) => ({ at: (millis(event.day) + DAY / 2) / 1000, words: event.title })),
    }),
    [transits, asOf, history.alarms, events],
  );
  if (columns.x.length === 0) {
    return (
      <div style={{ minHeight: height + READOUT }}>
        <Empty icon="clock" title="Nothing is known here yet.">Transits are published four to eight days late; prices come with the first sweep of the markets.</Empty>
      </div>
    );
  }
  if (asTable) return <Figures columns={columns} height={height + READOUT} name={chokepoint.name} />;
  return (
    <Suspense fallback={<Block height={height + READOUT} />}>
      <HistoryChart columns={columns} marks={marks} range={range} height={height} summary={summaryOf(chokepoint, question)} />
    </Suspense>
  );
}

function summaryOf({ name, transits, probability, alarm }: Chokepoint, question: string | null): string {
  return [
    `Chart of ${name}.`,
    transits && `Transits ${transits.value} ${transits.unit} on ${day(transits.observed_for)}, usual ${Math.round(transits.baseline_mean)}.`,
    probability && `Market odds ${percent(probability.value)}: ${question ?? probability.question}.`,
    alarm && `Alarm since ${day(alarm.known_at)}: traffic ${alarm.direction}.`,
    'The button above shows the figures as a table.',
  ]
    .filter(Boolean)
    .join(' ');
}

function Figures({ columns, height, name }: { readonly columns: Columns; readonly height: number; readonly name: string }) {
  return (
    <div className={css.figures} style={{ height }}>
      <TableFrame label={`Transits and odds of ${name} by day`}>
        <table>
          <thead>
            <tr>
              <th scope="col">Day</th>
              <th scope="col" className="num">Transits, ships/day</th>
              <th scope="col" className="num">Odds</th>
            </tr>
          </thead>
          <tbody>
            {dayRows(columns).map((row) => (
              <tr key={row.day}>
                <td>{day(row.day)}</td>
                <td className="num">{row.transits ?? <span className="dim">not yet known</span>}</td>
                <td className="num">{row.odds === null ? '–' : percent(row.odds / 100)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </div>
  );
}
