// Four ways to decide over the same book: what each cost, with its interval, and how far from perfect hindsight.
import type { BacktestReport, PolicyCost } from '../../api/backtests.ts';
import { linear, niceTicks } from '../../charts/scales.ts';
import { dollars, money, moneyShort } from '../../format/money.ts';
import { count, percent } from '../../format/number.ts';
import { TableFrame } from '../../ui/list-frame.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Toned } from '../../ui/words.tsx';
import css from './backtest.module.css';
import { actsWords, POLICY_WORDS, verdicts } from './backtest-rules.ts';

export function Regret({ report: { regret } }: { readonly report: BacktestReport }) {
  const highest = Math.max(1, ...regret.policies.flatMap((p) => [dollars(p.total_usd), dollars(p.interval_90_usd[1])]).filter(Number.isFinite));
  const ticks = niceTicks(0, highest, 4);
  return (
    <Panel title="What four ways to decide would have cost" flush>
      <div className={css.verdict}>
        <p>Our decisions would have been</p>
        <ul>
          {verdicts(regret).map(({ tone, text }) => (
            <li key={text}><Toned tone={tone} icon={tone === 'good' ? 'down' : tone === 'bad' ? 'up' : 'none'}>{text}</Toned></li>
          ))}
        </ul>
      </div>
      <TableFrame label="Cost by policy">
        <table className={css.costs}>
          <thead>
            <tr>
              <th scope="col">Policy</th>
              <th scope="col" className={css.barHead}>
                <span className={css.axis} aria-hidden="true">{ticks.map((tick) => <span key={tick} style={{ left: `${(tick / ticks.at(-1)!) * 100}%` }}>{moneyShort(tick)}</span>)}</span>
                <span className="visually-hidden">Bar and 90 % interval</span>
              </th>
              <th scope="col" className="num">Cost, 90 % interval</th>
              <th scope="col" className="num">Above hindsight</th>
              <th scope="col">What was done</th>
            </tr>
          </thead>
          <tbody>
            {regret.policies.map((policy) => <Row key={policy.policy} policy={policy} top={ticks.at(-1)!} ticks={ticks} />)}
          </tbody>
        </table>
      </TableFrame>
      <p className={css.note}>Bar: cost in all, US dollars. Whisker: 90 % interval over the cost coefficients.</p>
      <Sensitivity regret={regret} />
    </Panel>
  );
}

function Row({ policy: p, top, ticks }: { readonly policy: PolicyCost; readonly top: number; readonly ticks: readonly number[] }) {
  const x = linear([0, top], [0, 100]);
  const [low, high] = p.interval_90_usd.map((text) => x(dollars(text))) as [number, number];
  return (
    <tr data-ours={p.policy === 'ours'}>
      <th scope="row">
        {POLICY_WORDS[p.policy][0]}
        <div className={css.means}>{POLICY_WORDS[p.policy][1]}</div>
      </th>
      <td className={css.bar}>
        <svg width="100%" height="26" viewBox="0 0 100 26" preserveAspectRatio="none" aria-hidden="true">
          {ticks.map((tick) => <line key={tick} x1={x(tick)} x2={x(tick)} y1="0" y2="26" className={css.grid} />)}
          <rect x="0" y="6" width={Math.max(0, x(dollars(p.total_usd)))} height="14" className={p.policy === 'ours' ? css.ours : css.other} />
          {high > 0 && <path d={`M${low} 9V17M${low} 13H${high}M${high} 9V17`} className={css.whisker} />}
        </svg>
      </td>
      <td className={`num ${css.expected}`}>
        <b>{money(Math.round(dollars(p.total_usd)))}</b>
        {high > 0 && <div className={css.interval}>{p.interval_90_usd.map((end) => money(Math.round(dollars(end)))).join(' to ')}</div>}
      </td>
      <td className="num" data-label="Above hindsight">{money(Math.round(dollars(p.regret_usd)))}</td>
      <td data-label="What was done">{actsWords(p.acts)}</td>
    </tr>
  );
}

function Sensitivity({ regret }: { readonly regret: BacktestReport['regret'] }) {
  if (regret.sensitivity.length < 2) return null;
  return (
    <details className={css.details}>
      <summary>What if another share of traffic counts as closed?</summary>
      <TableFrame label="Sensitivity">
        <table>
          <thead>
            <tr>
              <th scope="col" className="num">Closed below</th>
              <th scope="col" className="num">Hit</th>
              <th scope="col" className="num">Our decisions</th>
              <th scope="col" className="num">Always proceed</th>
              <th scope="col" className="num">Always reroute</th>
              <th scope="col" className="num">Hindsight</th>
            </tr>
          </thead>
          <tbody>
            {regret.sensitivity.map((row) => (
              <tr key={row.closed_share}>
                <td className="num">{percent(row.closed_share)}{row.closed_share === regret.closed_share && ' (above)'}</td>
                <td className="num">{count(row.hit)}</td>
                {[row.ours_usd, row.proceed_usd, row.reroute_usd, row.hindsight_usd].map((usd, i) => <td key={i} className="num">{money(Math.round(dollars(usd)))}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </details>
  );
}
