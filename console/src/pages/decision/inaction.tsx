// What waiting costs: the best course still open at each moment, less the best one now.
import { useElementSize } from '@mantine/hooks';
import type { Decision, InactionPoint } from '../../api/types.ts';
import { linear, niceTicks, withRoom } from '../../charts/scales.ts';
import { dollars, money, moneyShort } from '../../format/money.ts';
import { instantShort, span } from '../../format/time.ts';
import { TableFrame } from '../../ui/list-frame.tsx';
import { Panel } from '../../ui/panel.tsx';
import css from './inaction.module.css';

const HEIGHT = 170;
const PAD = { top: 20, right: 14, bottom: 22, left: 52 };

export function InactionCurve({ decision: { inaction_curve: curve } }: { readonly decision: Decision }) {
  if (curve.length === 0) return null;
  const worst = curve.reduce((most, point) => (dollars(point.extra_cost_usd) > dollars(most.extra_cost_usd) ? point : most));
  return (
    <Panel title="What if nothing is done?" flush>
      <div className={css.picture}>
        {dollars(worst.extra_cost_usd) >= 0.005 ? (
          <>
            <p>
              Waiting {hours(worst.hours_from_now)} costs up to <b>{money(worst.extra_cost_usd)}</b> more than deciding now{worst.note ? `: ${worst.note}` : '.'}
            </p>
            <Curve curve={curve} />
          </>
        ) : (
          <p className={css.nothing}>
            Waiting {hours(curve.at(-1)!.hours_from_now)}, until {instantShort(curve.at(-1)!.at)}, costs nothing more than deciding at once.
          </p>
        )}
      </div>
      <details className={css.details}>
        <summary>The same as a table</summary>
        <TableFrame label="Cost of waiting">
          <table>
            <thead>
              <tr>
                <th scope="col">Wait until</th>
                <th scope="col" className="num">From now</th>
                <th scope="col" className="num">Extra cost</th>
                <th scope="col">What changes</th>
              </tr>
            </thead>
            <tbody>
              {curve.map((point) => (
                <tr key={`${point.at} ${point.hours_from_now}`}>
                  <td className="nowrap">{instantShort(point.at)}</td>
                  <td className="num">{hours(point.hours_from_now)}</td>
                  <td className="num">{money(point.extra_cost_usd)}</td>
                  <td>{point.note}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      </details>
    </Panel>
  );
}

const hours = (h: number): string => (h === 0 ? '0 h' : h < 96 ? `${Math.round(h)} h` : span(h * 3_600_000));

/** Which labels have room: each stands about its point, the last ones end at theirs. */
function labelsWithRoom(points: readonly { readonly x: number; readonly label: string }[], endsBeyond: number): readonly boolean[] {
  const widths = points.map(({ label }) => label.length * 6.5);
  return withRoom(points.map(({ x }, i) => x - widths[i]! / (x > endsBeyond ? 1 : 2)), widths, 6);
}

/** Steps, since an option closes at a moment and not little by little. */
function Curve({ curve }: { readonly curve: readonly InactionPoint[] }) {
  const { ref, width } = useElementSize();
  const wide = Math.max(240, width);
  const costs = curve.map((point) => dollars(point.extra_cost_usd));
  const ticks = niceTicks(Math.min(0, ...costs), Math.max(1, ...costs), 3);
  const x = linear([0, Math.max(1, ...curve.map((point) => point.hours_from_now))], [PAD.left, wide - PAD.right]);
  const y = linear([ticks[0]!, ticks.at(-1)!], [HEIGHT - PAD.bottom, PAD.top]);
  const spots = curve.map((point, i) => ({ x: x(point.hours_from_now), y: y(costs[i]!), point }));
  const path = spots.map((spot, i) => (i === 0 ? `M${spot.x} ${spot.y}` : `H${spot.x}V${spot.y}`)).join('');
  // "now" is always written; of the others those that do not cover it or each other.
  const free = spots.map((spot, i) => i > 0 && spot.x - spots[0]!.x > 40);
  const shown = spots.filter((_, i) => free[i]);
  const fits = labelsWithRoom(shown.map(({ x: at, point }) => ({ x: at, label: hours(point.hours_from_now) })), wide - 30);
  let next = 0;
  const below = spots.map((_, i) => i === 0 || (free[i]! && fits[next++]!));
  const above = labelsWithRoom(spots.map(({ x: at, point }) => ({ x: at, label: moneyShort(point.extra_cost_usd) })), wide - 40);
  return (
    <div ref={ref} style={{ height: HEIGHT }}>
      <svg width={wide} height={HEIGHT} className={css.svg} role="img" aria-label={`Extra cost of waiting: ${spots.map(({ point }) => `${money(point.extra_cost_usd)} at ${hours(point.hours_from_now)}`).join(', ')}.`}>
        {ticks.map((tick) => (
          <g key={tick}>
            <line x1={PAD.left} x2={wide - PAD.right} y1={y(tick)} y2={y(tick)} className={css.grid} />
            <text x={PAD.left - 6} y={y(tick)} textAnchor="end" dominantBaseline="middle">{moneyShort(tick)}</text>
          </g>
        ))}
        <path d={path} className={css.line} />
        {spots.map((spot, i) => (
          <g key={`${spot.point.at} ${spot.point.hours_from_now}`}>
            <circle cx={spot.x} cy={spot.y} r={3.5} className={css.spot} />
            {above[i] && spot.point.hours_from_now > 0 && (
              <text x={spot.x} y={spot.y - 9} textAnchor={spot.x > wide - 40 ? 'end' : 'middle'} className={css.value}>{moneyShort(spot.point.extra_cost_usd)}</text>
            )}
            {below[i] && (
              <text x={spot.x} y={HEIGHT - 6} textAnchor={spot.x > wide - 30 ? 'end' : 'middle'}>{spot.point.hours_from_now === 0 ? 'now' : hours(spot.point.hours_from_now)}</text>
            )}
          </g>
        ))}
      </svg>
    </div>
  );
}
