// The forecasters side by side, each score with its interval.
import type { ForecasterScore } from '../../api/calibration.ts';
import { count } from '../../format/number.ts';
import { TableFrame } from '../../ui/list-frame.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Toned } from '../../ui/words.tsx';
import tables from '../tables.module.css';
import css from './record.module.css';
import { FORECASTER_WORDS, overlap, score, scoreRange } from './record-rules.ts';

export function Scores({ forecasters, inUse }: { readonly forecasters: readonly ForecasterScore[]; readonly inUse: string }) {
  const ranked = [...forecasters].sort((a, b) => a.brier - b.brier);
  return (
    <Panel title="Who forecasts best?" flush>
      <TableFrame label="Scores">
        <table className={tables.table}>
          <thead>
            <tr>
              <th scope="col">Forecaster</th>
              <th scope="col" className="num"><abbr title="Mean squared error of the probabilities: 0 is perfect, 0.25 a coin">Brier score</abbr></th>
              <th scope="col" className="num">its 90 % interval</th>
              <th scope="col" className="num"><abbr title="Mean of −ln of the probability given to what came true, in nats: punishes certainty that was wrong">Log loss</abbr></th>
              <th scope="col" className="num"><abbr title="Expected calibration error: how far the percentages are from the shares that came true, on average">Calibration error</abbr></th>
              <th scope="col" className="num">Forecasts</th>
              <th scope="col" className="num">Events</th>
            </tr>
          </thead>
          <tbody>
            {ranked.map((f) => (
              <tr key={f.forecaster} className={f.forecaster === inUse ? css.used : undefined}>
                <td className={tables.main}>
                  <span className="strong">{FORECASTER_WORDS[f.forecaster][0]}</span> {f.forecaster === inUse && <Toned tone="good" icon="check">in use</Toned>}
                  <div className="dim small">{FORECASTER_WORDS[f.forecaster][1]}</div>
                </td>
                <td data-label="Brier score" className="num"><b>{score(f.brier)}</b></td>
                <td data-label="its 90 % interval" className="num">{scoreRange(f.brier_interval_90)}</td>
                <td data-label="Log loss" className="num">{score(f.log_loss)} nats</td>
                <td data-label="Calibration error" className="num">{score(f.ece)}</td>
                <td data-label="Forecasts" className="num">{count(f.n)}</td>
                <td data-label="Events" className="num">{count(f.clusters)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
      <p className={css.note}>Lower is better in all three. {verdict(ranked)}</p>
    </Panel>
  );
}

function verdict([best, second]: readonly ForecasterScore[]): string {
  if (!best || !second) return '';
  const [a, b] = [best.brier_interval_90, second.brier_interval_90];
  const names = [FORECASTER_WORDS[best.forecaster][0], FORECASTER_WORDS[second.forecaster][0]].map((name) => name.toLowerCase());
  if (!a || !b) return 'There are too few events for an interval.';
  return overlap(a, b) ? `The intervals of the first two overlap: this record cannot say which of ${names[0]} and ${names[1]} is better.` : `The ${names[0]} is better than the ${names[1]}: their intervals do not touch.`;
}
