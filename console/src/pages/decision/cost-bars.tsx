// What each course would cost: expected, with its 90 % interval, on one scale; the components and their sources below.
import type { Decision, Option } from '../../api/types.ts';
import { linear, niceTicks } from '../../charts/scales.ts';
import { dollars, money, moneyRange, moneyShort } from '../../format/money.ts';
import { decimal } from '../../format/number.ts';
import { TableFrame } from '../../ui/list-frame.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SourceLink } from '../../ui/source.tsx';
import { ACTION_WORDS, Says, Toned, wordFor } from '../../ui/words.tsx';
import css from './cost-bars.module.css';

export function CostBars({ decision }: { readonly decision: Decision }) {
  const options = [...decision.options].sort((a, b) => Number(b.feasible) - Number(a.feasible) || dollars(a.expected_cost_usd) - dollars(b.expected_cost_usd));
  const highest = Math.max(1, ...options.filter(({ feasible }) => feasible).flatMap((o) => [dollars(o.expected_cost_usd), dollars(o.interval_90_usd[1])]).filter(Number.isFinite));
  const ticks = niceTicks(0, highest, 4);
  const top = ticks.at(-1) ?? highest;
  return (
    <Panel title="What each course would cost" flush>
      <TableFrame label="Costs by course">
        <table className={css.costs}>
          <thead>
            <tr>
              <th scope="col">Course</th>
              <th scope="col" className={css.barHead}>
                <span className={css.axis} aria-hidden="true">
                  {ticks.filter((_, i) => ticks.length <= 4 || i % 2 === 0).map((tick) => (
                    <span key={tick} style={{ left: `${(tick / top) * 100}%` }}>{moneyShort(tick)}</span>
                  ))}
                </span>
                <span className="visually-hidden">Bar and 90 % interval</span>
              </th>
              <th scope="col" className="num">Expected</th>
              <th scope="col" className="num">If calm</th>
              <th scope="col" className="num">If hit</th>
              <th scope="col" className="num">Extra days</th>
            </tr>
          </thead>
          <tbody>
            {options.map((option) => (
              <Row key={option.action + option.title} option={option} chosen={option.action === decision.action} top={top} ticks={ticks} />
            ))}
          </tbody>
        </table>
      </TableFrame>
      <p className={css.key}>Bar: expected cost. Whisker: 90 % interval. The cost of acting is not part of the loss that it avoids.</p>
      <Components options={options} />
    </Panel>
  );
}

function Row({ option, chosen, top, ticks }: { readonly option: Option; readonly chosen: boolean; readonly top: number; readonly ticks: readonly number[] }) {
  return (
    <tr data-chosen={chosen} data-feasible={option.feasible}>
      <th scope="row">
        <Says word={wordFor(ACTION_WORDS, option.action)} />
        <div className={css.title}>{option.title}</div>
        {chosen && <Toned tone="good" icon="check">Advised</Toned>}
      </th>
      {option.feasible ? (
        <>
          <td className={css.bar}>
            <Bar option={option} chosen={chosen} top={top} ticks={ticks} />
          </td>
          <td className={`num ${css.expected}`}>
            <b>{money(option.expected_cost_usd)}</b>
            <div className={css.interval}>{moneyRange(option.interval_90_usd)}</div>
          </td>
          <td className="num" data-label="If calm">{money(option.cost_if_calm_usd)}</td>
          <td className="num" data-label="If hit">{money(option.cost_if_hit_usd)}</td>
          <td className="num" data-label="Extra days">{option.extra_days === 0 ? '0' : `+${decimal(option.extra_days)}`}</td>
        </>
      ) : (
        <td colSpan={5} className={css.not}>
          <Toned tone="calm" icon="skip">Not open</Toned> {option.why_not}
        </td>
      )}
    </tr>
  );
}

const WIDTH = 1000;
const HEIGHT = 34;

function Bar({ option, chosen, top, ticks }: { readonly option: Option; readonly chosen: boolean; readonly top: number; readonly ticks: readonly number[] }) {
  const x = linear([0, top], [0, WIDTH]);
  const [low, high] = option.interval_90_usd.map(dollars) as [number, number];
  const expected = Math.max(0, dollars(option.expected_cost_usd));
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" height={HEIGHT} width="100%" aria-hidden="true" focusable="false">
      {ticks.map((tick) => (
        <line key={tick} x1={x(tick)} x2={x(tick)} y1={0} y2={HEIGHT} className={css.grid} />
      ))}
      <rect x={0} y={9} width={x(expected)} height={16} className={chosen ? css.chosen : css.other} />
      <path d={`M${x(Math.max(0, low))} 17H${x(high)}M${x(Math.max(0, low))} 11v12M${x(high)} 11v12`} className={css.whisker} />
    </svg>
  );
}

function Components({ options }: { readonly options: readonly Option[] }) {
  return (
    <details className={css.details}>
      <summary>What the costs are made of, with sources</summary>
      {options
        .filter(({ components }) => components.length > 0)
        .map((option) => (
          <div key={option.action + option.title} className={css.part}>
            <h3>{option.title}</h3>
            <TableFrame label={`Components of ${option.title}`}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">Component</th>
                    <th scope="col" className="num">If calm</th>
                    <th scope="col" className="num">If hit</th>
                    <th scope="col" className="num">Low to high</th>
                    <th scope="col">Source</th>
                  </tr>
                </thead>
                <tbody>
                  {option.components.map((component) => (
                    <tr key={component.name}>
                      <td>{component.name}</td>
                      <td className="num">{money(component.calm_usd)}</td>
                      <td className="num">{money(component.hit_usd)}</td>
                      <td className="num">{moneyRange([component.low_usd, component.high_usd])}</td>
                      <td><SourceLink source={component.source} /></td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </TableFrame>
          </div>
        ))}
    </details>
  );
}
