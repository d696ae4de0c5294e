// What was learnt from outcomes: sources' reliability, and each trial of the pool with why it was adopted or not.
import type { PoolingVersion, SourceReliability } from '../../api/calibration.ts';
import { count, percent, plural } from '../../format/number.ts';
import { day, instant } from '../../format/time.ts';
import { TableFrame } from '../../ui/list-frame.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Empty } from '../../ui/states.tsx';
import { Says, Toned } from '../../ui/words.tsx';
import tables from '../tables.module.css';
import css from './record.module.css';
import { gain, score } from './record-rules.ts';

export function Sources({ sources }: { readonly sources: readonly SourceReliability[] }) {
  return (
    <Panel title="Which sources does the pool weigh most?" flush>
      {sources.length === 0 ? (
        <Empty icon="signal" title="No source has an answered question yet.">Each keeps its declared reliability until then.</Empty>
      ) : (
        <TableFrame label="Sources">
          <table className={tables.table}>
            <thead>
              <tr>
                <th scope="col">Source</th>
                <th scope="col" className="num">Reliability in use</th>
                <th scope="col" className="num">From its outcomes</th>
                <th scope="col" className="num">90 % interval</th>
                <th scope="col" className="num">Forecasts</th>
                <th scope="col" className="num">Events</th>
              </tr>
            </thead>
            <tbody>
              {[...sources].sort((a, b) => b.in_use - a.in_use).map((s) => (
                <tr key={s.source}>
                  <td className={`${tables.main} strong`}>{s.source}</td>
                  <td data-label="Reliability in use" className="num"><b>{percent(s.in_use)}</b></td>
                  <td data-label="From its outcomes" className="num">{percent(s.reliability)}</td>
                  <td data-label="90 % interval" className="num">{s.reliability_interval_90 === null ? <span className="dim">too few events</span> : `${percent(s.reliability_interval_90[0])} to ${percent(s.reliability_interval_90[1])}`}</td>
                  <td data-label="Forecasts" className="num">{count(s.n)}</td>
                  <td data-label="Events" className="num">{count(s.clusters)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
      <p className={css.note}>A weight in the pool, not a rank: who prices easier questions looks better here.</p>
    </Panel>
  );
}

export function Learning({ versions, inUse }: { readonly versions: readonly PoolingVersion[]; readonly inUse: string }) {
  return (
    <Panel title={versions.length === 0 ? 'What has been learnt?' : `What has been learnt? ${plural(versions.length, 'trial')}`} flush>
      {versions.length === 0 ? (
        <Empty icon="clock" title="Nothing yet: the pool stands as shipped.">A trial needs 20 events to learn from and 20 later ones to be held against. It is adopted only when it beats the raw price there by a stated margin.</Empty>
      ) : (
        <ol className={css.versions}>
          {versions.map((v) => (
            <li key={v.version}>
              <p className="row">
                <Says word={v.adopted ? { text: 'Adopted', icon: 'check', tone: 'good' } : { text: 'Not adopted', icon: 'cross', tone: 'calm' }} pill />
                <code>{v.version}</code>
                {v.version === inUse && <Toned tone="good" icon="target">in use</Toned>}
                <span className="dim small">tried {instant(v.tried_at)}</span>
              </p>
              <p>{v.why}</p>
              <p className="dim small">
                Learnt from {plural(v.train.clusters, 'event')} ({day(v.train.from)} to {day(v.train.to)}), held against {plural(v.test.clusters, 'event')} ({day(v.test.from)} to {day(v.test.to)}). Brier there: pool {score(v.brier_pooled)}, raw price {score(v.brier_raw)}
                {v.improvement_interval_90 && `; 90 % interval of the gain ${gain(v.improvement_interval_90[0])} to ${gain(v.improvement_interval_90[1])}`}. Extremising a = {v.extremizing}.
              </p>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
