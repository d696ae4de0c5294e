// The reliability diagram: what was said against what came true. On the diagonal a percentage means what it says.
import { useElementSize } from '@mantine/hooks';
import { useState } from 'react';
import type { CurveBin, ForecasterScore } from '../../api/calibration.ts';
import { linear } from '../../charts/scales.ts';
import { count, percent } from '../../format/number.ts';
import { Choice, TableFrame } from '../../ui/list-frame.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Toned } from '../../ui/words.tsx';
import css from './record.module.css';
import { binWords, curveWords, FORECASTER_WORDS, offDiagonal, type Forecaster } from './record-rules.ts';

export function Reliability({ forecasters, inUse }: { readonly forecasters: readonly ForecasterScore[]; readonly inUse: Forecaster }) {
  const [chosen, setChosen] = useState<Forecaster>(inUse);
  const shown = forecasters.find(({ forecaster }) => forecaster === chosen) ?? forecasters[0];
  if (!shown) return null;
  return (
    <Panel
      title="Does 60 % mean 60 %?"
      flush
    >
      <div className={css.picture}>
        <div>
          <Choice label="Whose forecasts" value={shown.forecaster} options={forecasters.map(({ forecaster }) => [forecaster, FORECASTER_WORDS[forecaster][0]] as const)} onChange={setChosen} />
        </div>
        <p>{curveWords(shown.curve)}</p>
        <Diagram curve={shown.curve} name={FORECASTER_WORDS[shown.forecaster][0]} />
      </div>
      <details className={css.details}>
        <summary>The same as a table</summary>
        <CurveTable curve={shown.curve} />
      </details>
    </Panel>
  );
}

const PAD = { top: 14, right: 24, bottom: 40, left: 60 };
const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1];

function Diagram({ curve, name }: { readonly curve: readonly CurveBin[]; readonly name: string }) {
  const { ref, width } = useElementSize();
  const side = Math.min(440, Math.max(260, width));
  const x = linear([0, 1], [PAD.left, side - PAD.right]);
  const y = linear([0, 1], [side - PAD.bottom, PAD.top]);
  const most = Math.max(1, ...curve.map((bin) => bin.n));
  return (
    <div ref={ref} className={css.square} style={{ minHeight: 260 }}>
      <svg width={side} height={side} className={css.svg} role="img" aria-label={`${name}: ${curve.map(binWords).join('. ')}.`}>
        {TICKS.map((tick) => (
          <g key={tick}>
            <line x1={x(tick)} x2={x(tick)} y1={y(0)} y2={y(1)} className={css.grid} />
            <line x1={x(0)} x2={x(1)} y1={y(tick)} y2={y(tick)} className={css.grid} />
            <text x={x(tick)} y={y(0) + 16} textAnchor="middle">{percent(tick)}</text>
            <text x={x(0) - 7} y={y(tick)} textAnchor="end" dominantBaseline="middle">{percent(tick)}</text>
          </g>
        ))}
        <line x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} className={css.diagonal} />
        <text x={x(0.17)} y={y(0.17) - 7} className={css.onLine} transform={`rotate(-45 ${x(0.17)} ${y(0.17) - 7})`} textAnchor="middle">as said</text>
        <text x={x(0.03)} y={y(0.94)} className={css.corner}>said too little</text>
        <text x={x(0.97)} y={y(0.04)} className={css.corner} textAnchor="end">said too much</text>
        {curve.map((bin, i) => (
          <Point key={bin.low} bin={bin} x={x} y={y} radius={3 + 4 * Math.sqrt(bin.n / most)} left={bin.mean_forecast > 0.9 || crowded(bin, curve[i + 1], x)} />
        ))}
        <text x={(x(0) + x(1)) / 2} y={side - 4} textAnchor="middle" className={css.axis}>what was said</text>
        <text x={11} y={(y(0) + y(1)) / 2} textAnchor="middle" className={css.axis} transform={`rotate(-90 11 ${(y(0) + y(1)) / 2})`}>what came true</text>
      </svg>
      <p className={css.reading}>A dot: forecasts of like height; the number beside it counts them. The line through it: where the true share lies nine times in ten, with whole events counted once.</p>
    </div>
  );
}

interface PointProps {
  readonly bin: CurveBin;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly radius: number;
  /** The count stands to the left of the dot. */
  readonly left: boolean;
}

/** Whether the next dot stands where the count would. */
const crowded = (bin: CurveBin, next: CurveBin | undefined, x: (value: number) => number): boolean => next !== undefined && x(next.mean_forecast) - x(bin.mean_forecast) < 28 && Math.abs(next.observed - bin.observed) < 0.06;

/** The count stands beside the dot, on the side that has room. */
function Point({ bin, x, y, radius, left }: PointProps) {
  const at = x(bin.mean_forecast);
  return (
    <g data-off={offDiagonal(bin) !== null}>
      <line x1={at} x2={at} y1={y(bin.observed_interval_90[0])} y2={y(bin.observed_interval_90[1])} className={css.whisker} />
      {bin.observed_interval_90.map((end) => <line key={end} x1={at - 4} x2={at + 4} y1={y(end)} y2={y(end)} className={css.whisker} />)}
      <circle cx={at} cy={y(bin.observed)} r={radius} className={css.dot} />
      <text x={at + (left ? -radius - 4 : radius + 4)} y={y(bin.observed)} dominantBaseline="middle" textAnchor={left ? 'end' : 'start'} className={css.count}>{count(bin.n)}</text>
      <title>{binWords(bin)}</title>
    </g>
  );
}

function CurveTable({ curve }: { readonly curve: readonly CurveBin[] }) {
  return (
    <TableFrame label="What was said against what came true">
      <table>
        <thead>
          <tr>
            <th scope="col" className="num">Said, mean</th>
            <th scope="col" className="num">Came true</th>
            <th scope="col" className="num">90 % interval</th>
            <th scope="col" className="num">Forecasts</th>
            <th scope="col" className="num">Events</th>
            <th scope="col">Verdict</th>
          </tr>
        </thead>
        <tbody>
          {curve.map((bin) => {
            const off = offDiagonal(bin);
            return (
              <tr key={bin.low}>
                <td className="num">{percent(bin.mean_forecast)}</td>
                <td className="num">{percent(bin.observed)}</td>
                <td className="num">{percent(bin.observed_interval_90[0])} to {percent(bin.observed_interval_90[1])}</td>
                <td className="num">{count(bin.n)}</td>
                <td className="num">{count(bin.clusters)}</td>
                <td>{off === null ? <span className="dim">as said, or too few to tell</span> : <Toned tone="warn" icon={off === 'too high' ? 'down' : 'up'}>said {off}</Toned>}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </TableFrame>
  );
}
