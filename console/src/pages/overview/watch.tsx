// The passage that asks most of a person: its state in words and its history as a picture. Others are one press away.
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useMediaQuery } from '@mantine/hooks';
import type { Chokepoint, DeskStatus } from '../../api/types.ts';
import { HistoryPanel } from '../../charts/history-panel.tsx';
import { change, percent } from '../../format/number.ts';
import { day, instant } from '../../format/time.ts';
import { Panel } from '../../ui/panel.tsx';
import { Source, SourceLink } from '../../ui/source.tsx';
import { Says, passageWord } from '../../ui/words.tsx';
import { byConcern } from './rank.ts';
import css from './watch.module.css';

export const PHONE = '(max-width: 799px)';

export function Watch({ chokepoints, status }: { readonly chokepoints: readonly Chokepoint[]; readonly status: DeskStatus }) {
  const ranked = byConcern(chokepoints);
  const [picked, setPicked] = useState<string | null>(null);
  const phone = useMediaQuery(PHONE, undefined, { getInitialValueInEffect: false });
  const shown = ranked.find(({ id }) => id === picked) ?? ranked[0];
  if (!shown) return null;
  const others = ranked.filter(({ id, exposed_shipments, status: state }) => id === shown.id || exposed_shipments > 0 || state !== 'NORMAL').slice(0, 4);
  return (
    <Panel
      title={
        <span className={css.name}>
          <Link to="/chokepoints/$id" params={{ id: shown.id }}>
            {shown.name}
          </Link>
          <Says word={passageWord(shown)} pill />
        </span>
      }
      aside={<ChokepointSource chokepoint={shown} />}
    >
      <HistoryPanel chokepoint={shown} status={status} height={phone ? 138 : 250} aside={<Figures chokepoint={shown} />} />
      {others.length > 1 && (
        <div className={css.others} role="group" aria-label="Chokepoint shown">
          {others.map((one) => (
            <button key={one.id} type="button" aria-pressed={one.id === shown.id} onClick={() => setPicked(one.id)}>
              {one.name}: {passageWord(one).text.toLowerCase()}
            </button>
          ))}
        </div>
      )}
    </Panel>
  );
}

function Figures({ chokepoint: { transits, probability, exposed_shipments } }: { readonly chokepoint: Chokepoint }) {
  return (
    <p className={css.figures}>
      {transits ? (
        <span className="nowrap">
          <b>{Math.round(transits.value)}</b> <span className={css.wide}>{transits.unit}</span><span className={css.tight}>/day</span> ({change(transits.ratio)})
        </span>
      ) : (
        <span className="dim">no transits yet</span>
      )}
      {probability ? (
        <span className="nowrap">
          odds <b>{percent(probability.value)}</b>
        </span>
      ) : (
        <span className="dim">no market</span>
      )}
      <span className="nowrap">{exposed_shipments} <span className={css.wide}>{exposed_shipments === 1 ? 'shipment' : 'shipments'}</span> exposed</span>
    </p>
  );
}

export function ChokepointSource({ chokepoint: { name, transits, probability, alarm, as_of } }: { readonly chokepoint: Chokepoint }) {
  return (
    <Source
      of={name}
      facts={[
        ['State', `as of ${instant(as_of)}`],
        ...(transits
          ? ([
              ['Transits', `${transits.value} ${transits.unit} on ${day(transits.observed_for)}, known ${instant(transits.known_at)}`],
              ['Usual', `${transits.baseline_mean.toFixed(1)} ± ${transits.baseline_sd.toFixed(1)} (one standard deviation)`],
              ['Source', <SourceLink key="t" source={transits.source} />],
            ] as const)
          : []),
        ...(probability
          ? ([
              ['Odds', `${percent(probability.value)}, seen ${instant(probability.seen_at)}`],
              ['Question', probability.question],
              ['Until', day(probability.horizon_end)],
              ['Source', <SourceLink key="p" source={probability.source} url={probability.url} />],
            ] as const)
          : []),
        ...(alarm ? ([['Alarm', `${alarm.series} ${alarm.direction}, for ${day(alarm.alarmed_for)}, known ${instant(alarm.known_at)}; CUSUM ${alarm.statistic.toFixed(1)}`]] as const) : []),
      ]}
    />
  );
}
