// One backtest: what four ways to decide would have cost, which alarms came and when, how good the forecasts were.
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { backtestQuery, type BacktestReport, type BacktestScore } from '../../api/backtests.ts';
import { count, percent, plural } from '../../format/number.ts';
import { day } from '../../format/time.ts';
import { TableFrame } from '../../ui/list-frame.tsx';
import { Page, Panel } from '../../ui/panel.tsx';
import { Source } from '../../ui/source.tsx';
import { Bones, Empty, Guard, Message } from '../../ui/states.tsx';
import tables from '../tables.module.css';
import { Alarms } from './alarms.tsx';
import css from './backtest.module.css';
import { Exposures } from './exposures.tsx';
import { Regret } from './regret.tsx';

export default function BacktestPage() {
  const { id } = useParams({ strict: false });
  const query = useQuery(backtestQuery(id ?? ''));
  const title = query.data?.title;
  return (
    <Page question="What would it have cost?" name={title === undefined ? 'Backtest' : `Backtest: ${title}`} answer={query.data ? `${query.data.title}, ${day(query.data.from)} to ${day(query.data.to)}` : null} aside={<Link to="/backtests">All backtests</Link>}>
      <Guard query={query} what="this backtest" loading={<Bones rows={5} height={150} />}>
        {(backtest) => {
          if (backtest.report) return <Sheet report={backtest.report} />;
          if (backtest.error) return <Message icon="alert" tone="bad" title="This backtest failed." action={<Link to="/backtests">Walk it again</Link>}>{backtest.error.message} <code>{backtest.error.code}</code></Message>;
          return <Empty icon="clock" title={`Day ${backtest.days_done} of ${backtest.days} is walked.`}>The report appears here by itself.</Empty>;
        }}
      </Guard>
    </Page>
  );
}

function Sheet({ report }: { readonly report: BacktestReport }) {
  return (
    <div className="stack">
      <Regret report={report} />
      <Alarms report={report} />
      <Forecasts report={report} />
      <Exposures regret={report.regret} />
      <Basis report={report} />
    </div>
  );
}

function Forecasts({ report: { forecasts: f } }: { readonly report: BacktestReport }) {
  const all: readonly (readonly [name: string, score: BacktestScore | null, means: string])[] = [
    ['Our probabilities', f.ours, 'all decisions with an outcome'],
    ['Base rate', f.climatology, 'how often the passage had been closed before'],
    ['Our probabilities', f.where_a_market_speaks.ours, 'where a market speaks of the passage'],
    ['Raw market price', f.where_a_market_speaks.market, 'the same decisions'],
  ];
  const rows = all.flatMap(([name, s, means]) => (s === null ? [] : [[name, s, means] as const]));
  return (
    <Panel title="How good were the forecasts?" flush>
      {rows.length === 0 ? (
        <Empty icon="target" title="No decision has an outcome that is recorded.">{f.not_recorded > 0 && `${plural(f.not_recorded, 'decision')} had none.`}</Empty>
      ) : (
        <TableFrame label="Forecast scores">
          <table className={tables.table}>
            <thead>
              <tr>
                <th scope="col">Forecaster</th>
                <th scope="col" className="num">Brier score</th>
                <th scope="col" className="num">Log loss</th>
                <th scope="col" className="num">Calibration error</th>
                <th scope="col" className="num">Forecasts</th>
                <th scope="col" className="num">Passages</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(([name, s, means]) => (
                <tr key={name + means}>
                  <td className={tables.main}><span className="strong">{name}</span><div className="dim small">{means}</div></td>
                  <td data-label="Brier score" className="num"><b>{s.brier.toFixed(3)}</b></td>
                  <td data-label="Log loss" className="num">{s.log_loss.toFixed(3)} nats</td>
                  <td data-label="Calibration error" className="num">{s.ece.toFixed(3)}</td>
                  <td data-label="Forecasts" className="num">{count(s.n)}</td>
                  <td data-label="Passages" className="num">{count(s.clusters)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
      <p className={css.note}>
        Lower is better; 0.25 is a coin’s Brier score. {plural(f.hits, 'forecast')} of {count(f.rows)} came true. Forecasts of one passage share its event: {rows[0] && rows[0][1].clusters < 5 ? 'with so few passages these scores say little.' : 'they are not independent evidence.'}{' '}
        {f.silent.passages > 0 && `Of ${plural(f.silent.passages, 'passage')} of ships nothing was ever said; ${f.silent.hit === 0 ? 'none of them was hit' : `${count(f.silent.hit)} of them ${f.silent.hit === 1 ? 'was' : 'were'} hit`}.`}
      </p>
      {f.ours && f.ours.reliability.length > 0 && (
        <details className={css.details}>
          <summary>What we said against what came true</summary>
          <TableFrame label="Reliability">
            <table>
              <thead>
                <tr><th scope="col" className="num">Said, mean</th><th scope="col" className="num">Came true</th><th scope="col" className="num">Forecasts</th></tr>
              </thead>
              <tbody>
                {f.ours.reliability.filter(({ forecasts }) => forecasts > 0).map((bin) => (
                  <tr key={bin.from}><td className="num">{percent(bin.mean_forecast)}</td><td className="num">{percent(bin.hit_rate)}</td><td className="num">{count(bin.forecasts)}</td></tr>
                ))}
              </tbody>
            </table>
          </TableFrame>
        </details>
      )}
    </Panel>
  );
}

function Basis({ report: { regret, scenario, rules, id, decisions } }: { readonly report: BacktestReport }) {
  const out = regret.book.left_out;
  const left = out.before_first_look + out.after_last_look + out.not_recorded;
  return (
    <Panel title="What is this reckoned over?" aside={<Source of="this backtest" facts={[['Report', <code key="i">{id}</code>], ['Figures', <code key="h">{scenario.hash}</code>], ['Decisions', rules.decisions], ['Signals', rules.signals], ['Links', rules.links], ['Reality', rules.reality]]} />}>
      <p className={css.basis}>
        {plural(regret.book.shipments, 'shipment')} with {plural(regret.book.exposures, 'exposure')} to a passage; {count(regret.book.hit)} hit. A ship is hit when the seven days around its passing see less than {percent(regret.closed_share)} of the usual traffic.{' '}
        {regret.book.still_closed_at_record_end > 0 && `In ${plural(regret.book.still_closed_at_record_end, 'case')} the passage was still closed when the record ends, so their costs are the least that they were. `}
        {left > 0 && `${plural(left, 'exposure')} left out: ${count(out.before_first_look)} passed before the first look, ${count(out.after_last_look)} after the last, ${count(out.not_recorded)} without recorded traffic. `}
        {plural(decisions.made, 'decision')} about {plural(decisions.shipments, 'shipment')}, {count(decisions.alert_worthy)} worth telling, {count(decisions.alert_worthy_actions)} of them asked for more than proceeding.
      </p>
    </Panel>
  );
}
