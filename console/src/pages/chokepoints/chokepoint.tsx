// One passage: what markets say and what ships do, over time, and which shipments it concerns.
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { chokepointsQuery, historyQuery, shipmentsQuery } from '../../api/queries.ts';
import type { Chokepoint, DeskStatus, Shipment } from '../../api/types.ts';
import { useList, usePolling, useStatus } from '../../api/use-desk.ts';
import { HistoryPanel, useEvents, windowOf } from '../../charts/history-panel.tsx';
import { money } from '../../format/money.ts';
import { change, count, percent } from '../../format/number.ts';
import { day, instant } from '../../format/time.ts';
import { TableFrame } from '../../ui/list-frame.tsx';
import { Page, Panel } from '../../ui/panel.tsx';
import { AsOf, SourceLink } from '../../ui/source.tsx';
import { Block, Bones, Empty, Guard, Message } from '../../ui/states.tsx';
import { Says, passageWord } from '../../ui/words.tsx';
import { latestByLane } from './freight.ts';
import { ChokepointSource } from '../overview/watch.tsx';
import css from './chokepoint.module.css';

export default function ChokepointPage() {
  const { id } = useParams({ strict: false });
  const status = useStatus();
  const refetchInterval = usePolling();
  const query = useQuery({ ...chokepointsQuery, refetchInterval });
  const one = query.data?.find((passage) => passage.id === id);
  return (
    <Page question={`Can ships pass ${one ? `the ${one.name.replace(/^the /i, '')}` : 'here'}?`} name={one?.name ?? 'Chokepoint'} answer={one ? <Says word={passageWord(one)} pill /> : null} aside={<AsOf at={status.data?.as_of} />}>
      <Guard query={{ ...query, data: query.data && status.data ? { items: query.data, desk: status.data } : undefined, error: query.error ?? status.error }} what="this chokepoint" loading={<Block height={520} />}>
        {({ desk }) => (one ? <Sheet chokepoint={one} desk={desk} /> : <Message icon="info" title={`The desk follows no passage “${id ?? ''}”.`} action={<Link to="/chokepoints">All chokepoints</Link>} />)}
      </Guard>
    </Page>
  );
}

function Sheet({ chokepoint, desk }: { readonly chokepoint: Chokepoint; readonly desk: DeskStatus }) {
  return (
    <div className="stack">
      <Panel title="Odds and transits" aside={<ChokepointSource chokepoint={chokepoint} />}>
        <HistoryPanel chokepoint={chokepoint} status={desk} height={330} aside={<p className="dim">{passageWord(chokepoint).means}</p>} />
      </Panel>
      <div className={css.columns}>
        <Now chokepoint={chokepoint} desk={desk} />
        <Happened desk={desk} chokepoint={chokepoint} />
      </div>
      <Exposed id={chokepoint.id} />
    </div>
  );
}

function Now({ chokepoint: { id, transits, probability, alarm }, desk }: { readonly chokepoint: Chokepoint; readonly desk: DeskStatus }) {
  const { from, to } = windowOf(desk);
  const { data } = useQuery(historyQuery(id, from, to));
  const lanes = latestByLane(data?.freight ?? []);
  return (
    <Panel title="What is known">
      <dl className={css.facts}>
        <div>
          <dt>Ships say</dt>
          <dd>{transits ? <>{Math.round(transits.value)} {transits.unit} on {day(transits.observed_for)}, {change(transits.ratio)} against the usual {transits.baseline_mean.toFixed(0)} ± {(2 * transits.baseline_sd).toFixed(0)}. <span className="dim">Known {instant(transits.known_at)}, <SourceLink source={transits.source} />.</span></> : 'Nothing yet.'}</dd>
        </div>
        <div>
          <dt>Markets say</dt>
          <dd>{probability ? <>{percent(probability.value)}: {probability.question} <span className="dim">Seen {instant(probability.seen_at)}, until {day(probability.horizon_end)}, <SourceLink source={probability.source} url={probability.url} />.</span></> : 'No live market prices this passage.'}</dd>
        </div>
        <div>
          <dt>Freight says</dt>
          <dd>
            {lanes.length === 0 && 'No rate yet.'}
            {lanes.map(({ last, first }) => (
              <div key={last.lane}>
                {last.lane.replaceAll('_', ' to ')}: {count(last.value)} {last.unit} on {day(last.observed_for)}
                {first !== last && <>, {change(last.value / first.value)} since {day(first.observed_for)}</>}
              </div>
            ))}
          </dd>
        </div>
        <div>
          <dt>Alarm</dt>
          <dd>{alarm ? <>Traffic went {alarm.direction} on {day(alarm.alarmed_for)}; the desk knew on {day(alarm.known_at)}. <span className="dim">{alarm.series}, CUSUM {alarm.statistic.toFixed(1)}.</span></> : 'None: traffic is within its usual swing.'}</dd>
        </div>
      </dl>
    </Panel>
  );
}

function Happened({ desk, chokepoint }: { readonly desk: DeskStatus; readonly chokepoint: Chokepoint }) {
  const events = useEvents(desk);
  const { from, to } = windowOf(desk);
  const { data } = useQuery(historyQuery(chokepoint.id, from, to));
  const alarms = data?.alarms ?? [];
  return (
    <Panel title="What happened">
      {events.length === 0 && alarms.length === 0 ? (
        <p className="dim">Nothing on record up to now.</p>
      ) : (
        <ul className={css.events}>
          {events.map((event) => (
            <li key={event.day + event.title}>
              <time dateTime={event.day}>{day(event.day)}</time>
              <span>
                {event.title} <span className="dim small"><SourceLink source={event.source} /></span>
              </span>
            </li>
          ))}
          {alarms.map((alarm) => (
            <li key={alarm.series + alarm.known_at}>
              <time dateTime={alarm.known_at}>{day(alarm.known_at)}</time>
              <span>
                Alarm: {alarm.series} {alarm.direction}, for {day(alarm.alarmed_for)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Exposed({ id }: { readonly id: string }) {
  const list = useList<Shipment>(shipmentsQuery);
  return (
    <Panel title="Shipments that pass here" flush>
      <Guard query={{ ...list, data: list.items }} what="the shipments" loading={<Bones rows={3} height={38} />}>
        {(items) => {
          const exposed = items.filter(({ chokepoints }) => chokepoints.includes(id));
          return exposed.length === 0 ? (
            <Empty icon="ship" title="None of the shipments on file passes here." />
          ) : (
            <TableFrame label="Shipments that pass here">
              <table>
                <thead>
                  <tr>
                    <th scope="col">Shipment</th>
                    <th scope="col">Route</th>
                    <th scope="col">Vessel</th>
                    <th scope="col">ETD</th>
                    <th scope="col">ETA</th>
                    <th scope="col" className="num">Cargo value</th>
                  </tr>
                </thead>
                <tbody>
                  {exposed.map((shipment) => (
                    <tr key={shipment.id}>
                      <td className="strong nowrap">{shipment.reference}</td>
                      <td>{shipment.from_name} → {shipment.to_name}</td>
                      <td>{shipment.vessel ?? <span className="dim">not named</span>}</td>
                      <td className="nowrap">{day(shipment.etd)}</td>
                      <td className="nowrap">{day(shipment.eta)}</td>
                      <td className="num">{money(shipment.cargo_value_usd)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </TableFrame>
          );
        }}
      </Guard>
    </Panel>
  );
}
