// How good the desk's forecasts have been, which of them is in use and why, and what was learnt.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { calibrationQuery, type Calibration } from '../../api/calibration.ts';
import { money } from '../../format/money.ts';
import { count, plural } from '../../format/number.ts';
import { Page, Panel } from '../../ui/panel.tsx';
import { AsOf } from '../../ui/source.tsx';
import { Bones, Empty, Guard } from '../../ui/states.tsx';
import { Says } from '../../ui/words.tsx';
import { Learning, Sources } from './learning.tsx';
import css from './record.module.css';
import { few } from './record-rules.ts';
import { Reliability } from './reliability.tsx';
import { Scores } from './scores.tsx';
import { ValueChart } from './value-chart.tsx';

export default function Record() {
  const query = useQuery(calibrationQuery);
  return (
    <Page question="How good are these numbers?" name="Record" aside={<AsOf at={query.data?.as_of} />}>
      <Guard query={query} what="the record" loading={<Bones rows={6} height={120} />}>
        {(record) => <Sheet record={record} />}
      </Guard>
    </Page>
  );
}

function Sheet({ record }: { readonly record: Calibration }) {
  const scored = record.forecasters.filter(({ n }) => n > 0);
  return (
    <div className="stack">
      <InUse record={record} />
      {scored.length === 0 ? (
        <Panel title="Nothing is scored yet" flush>
          <Empty icon="clock" title="No question that the desk had forecasts of has been answered.">
            A forecast is scored when its market has settled on yes or no; early in a replay none has. This page fills itself as they do. How good the desk would have been in past crises: <Link to="/backtests">backtests</Link>.
          </Empty>
        </Panel>
      ) : (
        <>
          <Scores forecasters={scored} inUse={record.in_use} />
          <div className={css.columns}>
            <Reliability forecasters={scored} inUse={record.in_use} />
            <div className="stack">
              <ValueChart forecasters={scored} inUse={record.in_use} />
              <Outcomes record={record} />
            </div>
          </div>
        </>
      )}
      <Sources sources={record.sources} />
      <Learning versions={record.learning.versions} inUse={record.pooling_version} />
    </div>
  );
}

function InUse({ record }: { readonly record: Calibration }) {
  const market = record.in_use === 'market';
  const events = Math.max(0, ...record.forecasters.map(({ clusters }) => clusters));
  const forecasts = Math.max(0, ...record.forecasters.map(({ n }) => n));
  return (
    <Panel title="In use for decisions now" aside={<code className="small">{record.pooling_version}</code>}>
      <div className={css.use}>
        <p>
          <Says word={market ? { text: 'The raw market price', icon: 'scale', tone: 'warn' } : { text: 'The desk’s pooled probability', icon: 'target', tone: 'good' }} pill />
        </p>
        <p>{record.why}.</p>
        {market || !worseThanMarket(record) ? null : <p>So far the raw price scores better than the pool. That alone decides nothing: the pool is switched off when it still loses on at least 20 events on which the two differ.</p>}
        {forecasts > 0 && (
          <p>
            The record holds <b>{plural(forecasts, 'forecast')}</b> on <b>{plural(events, 'event')}</b>
            {few(events) && ': too few to tell a good forecaster from a lucky one, so the intervals below are wide'}.
          </p>
        )}
      </div>
    </Panel>
  );
}

function worseThanMarket({ forecasters }: Calibration): boolean {
  const of = (name: string): number | undefined => forecasters.find(({ forecaster, n }) => forecaster === name && n > 0)?.brier;
  const [pool, market] = [of('pooled'), of('market')];
  return pool !== undefined && market !== undefined && market < pool;
}

function Outcomes({ record: { decisions: d } }: { readonly record: Calibration }) {
  return (
    <Panel title="What did the decisions cost against hindsight?">
      {d.n_with_outcome === 0 ? (
        <p className="dim">No decision has an outcome yet. It gets one when its shipment has passed, or arrived late.</p>
      ) : (
        <>
          <p>
            {plural(d.n_with_outcome, 'decision')} on {plural(d.clusters, 'event')} cost <b>{money(d.regret_usd)}</b> more than the best course in hindsight{d.mean_regret_usd !== null && `, ${money(d.mean_regret_usd)} each on average`}.
          </p>
          <dl className={css.facts}>
            {d.saved_against.map(({ policy, n, saved_usd }) => (
              <div key={policy}>
                <dt>Saved against always “{policy}” ({count(n)})</dt>
                <dd>{money(saved_usd)}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </Panel>
  );
}
