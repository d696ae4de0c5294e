// What acting on a forecast is worth, by how dear protection is against the loss (Richardson 2000).
import { useElementSize } from '@mantine/hooks';
import type { ForecasterScore } from '../../api/calibration.ts';
import { linear, spread } from '../../charts/scales.ts';
import { percent } from '../../format/number.ts';
import { Panel } from '../../ui/panel.tsx';
import css from './record.module.css';
import { FORECASTER_WORDS, valueSegments, worthBetween } from './record-rules.ts';

const HEIGHT = 240;
const PAD = { top: 12, right: 96, bottom: 42, left: 54 };
/** Below it a forecast only does harm; how much matters little. */
const FLOOR = -0.5;

export function ValueChart({ forecasters, inUse }: { readonly forecasters: readonly ForecasterScore[]; readonly inUse: string }) {
  const used = forecasters.find(({ forecaster }) => forecaster === inUse);
  const range = used ? worthBetween(used.economic_value) : null;
  return (
    <Panel title="Is acting on it worth the money?" flush>
      <div className={css.picture}>
        <p>
          {range === null
            ? 'On this record, acting on the forecast in use would have been worth no more than acting on the base rate.'
            : `The forecast in use beats the base rate where protection costs ${percent(range[0])} to ${percent(range[1])} of the loss that it avoids.`}
        </p>
        <Lines forecasters={forecasters} inUse={inUse} />
        <p className="dim small">Full height: as good as knowing what will happen. Zero: as good as the base rate of these very questions. Below: better not to have looked.</p>
      </div>
    </Panel>
  );
}

function Lines({ forecasters, inUse }: { readonly forecasters: readonly ForecasterScore[]; readonly inUse: string }) {
  const { ref, width } = useElementSize();
  const wide = Math.max(260, width);
  const x = linear([0, 1], [PAD.left, wide - PAD.right]);
  const y = linear([FLOOR, 1], [HEIGHT - PAD.bottom, PAD.top]);
  const lines = forecasters.map((f) => ({ f, segments: valueSegments(f.economic_value, FLOOR) })).filter(({ segments }) => segments.length > 0);
  const ends = lines.map(({ segments }) => segments.at(-1)!.at(-1)!);
  const labels = spread(ends.map(([, value]) => y(value)), 15, PAD.top + 4, HEIGHT - PAD.bottom);
  return (
    <div ref={ref} style={{ minHeight: HEIGHT }}>
      <svg width={wide} height={HEIGHT} className={css.svg} role="img" aria-label={lines.map(({ f }) => `${FORECASTER_WORDS[f.forecaster][0]}: ${valueWords(f)}`).join('. ')}>
        {[FLOOR, 0, 0.5, 1].map((tick) => (
          <g key={tick}>
            <line x1={x(0)} x2={x(1)} y1={y(tick)} y2={y(tick)} className={tick === 0 ? css.zero : css.grid} />
            <text x={x(0) - 7} y={y(tick)} textAnchor="end" dominantBaseline="middle">{tick === FLOOR ? '≤ −0.5' : tick}</text>
          </g>
        ))}
        {[0, 0.25, 0.5, 0.75, 1].map((tick) => (
          <text key={tick} x={x(tick)} y={HEIGHT - PAD.bottom + 18} textAnchor="middle">{percent(tick)}</text>
        ))}
        <text x={(x(0) + x(1)) / 2} y={HEIGHT - 4} textAnchor="middle" className={css.axis}>cost of protecting ÷ loss avoided</text>
        {lines.map(({ f, segments }, i) => (
          <g key={f.forecaster} data-forecaster={f.forecaster} data-used={f.forecaster === inUse} className={css.line}>
            {segments.map((segment) => <path key={segment[0]![0]} d={segment.map(([cx, value], at) => `${at === 0 ? 'M' : 'L'}${x(cx)} ${y(value)}`).join('')} />)}
            <text x={x(1) + 6} y={labels[i]!} dominantBaseline="middle">{FORECASTER_WORDS[f.forecaster][0]}</text>
          </g>
        ))}
      </svg>
    </div>
  );
}

function valueWords(f: ForecasterScore): string {
  const range = worthBetween(f.economic_value);
  return range === null ? 'worth no more than the base rate anywhere' : `worth more than the base rate from ${percent(range[0])} to ${percent(range[1])}`;
}
