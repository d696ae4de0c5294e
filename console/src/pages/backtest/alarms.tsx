// Alarms on the scenario's time line, against what happened: for which day each was raised, and when it could be known.
import { useElementSize } from '@mantine/hooks';
import type { BacktestReport } from '../../api/backtests.ts';
import { usePassageName } from '../../api/use-desk.ts';
import { linear, spread, withRoom } from '../../charts/scales.ts';
import { change, decimal, plural } from '../../format/number.ts';
import { DAY, day, dayShort, instantShort, millis } from '../../format/time.ts';
import { Panel } from '../../ui/panel.tsx';
import { Toned } from '../../ui/words.tsx';
import { SourceLink } from '../../ui/source.tsx';
import css from './backtest.module.css';
import { alarmRows, daysAfter, monthTicks, seriesWords, windowEnd, type AlarmRow } from './backtest-rules.ts';

export function Alarms({ report }: { readonly report: BacktestReport }) {
  const { false_alarms: f, alarms } = report;
  const rows = alarmRows(report);
  const nameOf = usePassageName();
  return (
    <Panel title="Which alarms came, and how late?" flush>
      <div className={css.picture}>
        <p>
          {alarms.length === 0 ? 'No alarm was raised' : <b>{plural(alarms.length, 'alarm')}</b>}
          {alarms.length > 0 && `, ${f.total === 0 ? 'none of them false' : `${f.total} false`}`}: <b>{decimal(f.per_year)}</b> false alarms a year over {f.years === 1 ? 'one year' : `${decimal(f.years)} years`} of this record.
        </p>
        {rows.length > 0 && <Line report={report} rows={rows} nameOf={nameOf} />}
      </div>
      <ol className={css.events}>
        {report.events.map((event, i) => (
          <li key={event.day + event.title}>
            <span className={css.number}>{i + 1}</span>
            <span>
              <span className="nowrap dim">{day(event.day)}</span> {event.title}{' '}
              <span className="dim small"><SourceLink source={event.source} /></span>
              {event.affects.length > 0 && (
                <span className={css.lead}>
                  {event.first_alarm ? (
                    <Toned tone="warn" icon="bell">First alarm known {daysAfter(event.first_alarm.days_after_event)} ({instantShort(event.first_alarm.known_at)}), of {seriesWords(event.first_alarm.series)} for {dayShort(event.first_alarm.alarmed_for)}</Toned>
                  ) : (
                    <Toned tone="bad" icon="cross">No alarm</Toned>
                  )}
                </span>
              )}
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

const TOP = 30;
const ROW = 44;
const FOOT = 22;

interface LineProps {
  readonly report: BacktestReport;
  readonly rows: readonly AlarmRow[];
  readonly nameOf: (id: string) => string;
}

function Line({ report, rows, nameOf }: LineProps) {
  const { ref, width } = useElementSize();
  const wide = Math.max(260, width);
  const { from, to } = report.scenario;
  const x = linear([millis(from), millis(to) + DAY], [8, wide - 8]);
  const height = TOP + rows.length * ROW + FOOT;
  const at = report.events.map((event) => Math.min(wide - 8, Math.max(8, x(millis(event.day)))));
  const marks = spread(at, 18, 9, wide - 9);
  const ticks = monthTicks(from, to);
  const fits = withRoom(ticks.map(x), ticks.map(() => 44), 6).map((room, i) => room && x(ticks[i]!) + 40 < wide);
  return (
    <div ref={ref} style={{ minHeight: height }}>
      <svg width={wide} height={height} className={css.line} role="img" aria-label={rows.map((row) => rowWords(row, nameOf)).join('. ')}>
        {ticks.map((tick, i) => (
          <g key={tick}>
            <line x1={x(tick)} x2={x(tick)} y1={TOP} y2={height - FOOT} className={css.grid} />
            {fits[i] && <text x={x(tick)} y={height - 6}>{dayShort(tick)}</text>}
          </g>
        ))}
        {report.events.map((event, i) => (
          <g key={event.day + event.title}>
            <path d={`M${marks[i]} 18L${at[i]} ${TOP - 3}V${height - FOOT}`} className={css.eventLine} data-hits={event.affects.length > 0} />
            <circle cx={marks[i]} cy={10} r={8.5} className={css.eventDot} data-hits={event.affects.length > 0} />
            <text x={marks[i]} y={10.5} textAnchor="middle" dominantBaseline="middle" className={css.eventNumber} data-hits={event.affects.length > 0}>{i + 1}</text>
            <title>{`${day(event.day)}: ${event.title}`}</title>
          </g>
        ))}
        {rows.map((row, i) => <Lane key={`${row.chokepoint} ${row.alarm?.series ?? 'none'} ${row.alarm?.known_at ?? ''} ${row.event}`} row={row} top={TOP + i * ROW} x={x} wide={wide} report={report} name={nameOf(row.chokepoint)} />)}
      </svg>
      <p className="dim small">Ring: the day that was counted. Diamond: when the count was published and the desk knew. Between them nobody could know.{wide < 560 && ' +10 d: known ten days after the event.'}</p>
    </div>
  );
}

interface LaneProps {
  readonly row: AlarmRow;
  readonly top: number;
  readonly x: (at: number) => number;
  readonly wide: number;
  readonly report: BacktestReport;
  readonly name: string;
}

function Lane({ row, top, x, wide, report, name }: LaneProps) {
  const y = top + 30;
  const event = row.event === null ? undefined : report.events[row.event - 1];
  const a = row.alarm;
  return (
    <g>
      {event && <rect x={x(millis(event.day))} y={y - 6} width={Math.max(2, x(Math.min(windowEnd(event, report.scenario.to), millis(report.scenario.to) + DAY)) - x(millis(event.day)))} height={12} className={css.window} />}
      <line x1={8} x2={wide - 8} y1={y} y2={y} className={css.grid} />
      <text x={8} y={top + 14} className={css.laneName}>{name}{a ? `: ${seriesWords(a.series)}` : ''}</text>
      <text x={wide - 8} y={top + 14} textAnchor="end" className={css.laneEnd} data-false={a?.false_alarm ?? false}>{endWords(row, wide < 560)}</text>
      {a && (
        <>
          <line x1={x(millis(a.alarmed_for))} x2={x(millis(a.known_at))} y1={y} y2={y} className={css.lag} />
          <circle cx={x(millis(a.alarmed_for))} cy={y} r={4.5} className={css.ring} />
          <rect x={x(millis(a.known_at)) - 5.5} y={y - 5.5} width={11} height={11} transform={`rotate(45 ${x(millis(a.known_at))} ${y})`} className={css.diamond} data-false={a.false_alarm} />
          <title>{`Counted ${day(a.alarmed_for)}: ${change(a.level)} against the usual. Known ${instantShort(a.known_at)}.`}</title>
        </>
      )}
    </g>
  );
}

/** @param short where the row's name leaves no room for more */
function endWords({ alarm, event }: AlarmRow, short = false): string {
  if (!alarm) return short ? 'no alarm' : `no alarm of event ${event}`;
  const level = short ? '' : `${change(alarm.level)}, `;
  if (alarm.false_alarm) return short ? 'false' : `${level}false alarm`;
  if (alarm.before_start) return `${level}${short ? 'before' : 'before the first day'}`;
  if (!alarm.days_after_event) return change(alarm.level);
  const days = `${decimal(alarm.days_after_event.known)} d`;
  return short ? `+${days}` : `${level}known ${days} after event ${event ?? ''}`;
}

const rowWords = (row: AlarmRow, nameOf: (id: string) => string): string =>
  row.alarm ? `${nameOf(row.chokepoint)}, ${seriesWords(row.alarm.series)}: counted ${day(row.alarm.alarmed_for)}, known ${instantShort(row.alarm.known_at)}, ${endWords(row)}` : `${nameOf(row.chokepoint)}: ${endWords(row)}`;
