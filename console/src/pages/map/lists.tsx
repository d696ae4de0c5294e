// What the map shows as tables: for those who cannot see it, and for those who want the figures.
import { Link } from '@tanstack/react-router';
import type { MapData } from '../../map/use-map-data.ts';
import { nextPassage, placeOf } from '../../map/facts.ts';
import type { Voyage } from '../../map/voyage.ts';
import { money } from '../../format/money.ts';
import { change, count, decimal, percent, plural } from '../../format/number.ts';
import { day, timeLeft } from '../../format/time.ts';
import { TableFrame } from '../../ui/list-frame.tsx';
import { Empty } from '../../ui/states.tsx';
import { ACTION_WORDS, passageWord, Says, Toned, wordFor } from '../../ui/words.tsx';
import { byConcern } from '../overview/rank.ts';
import css from '../tables.module.css';

export function PassageList({ data }: { readonly data: MapData }) {
  const items = byConcern(data.passages.map(({ passage }) => passage));
  if (items.length === 0) return <Empty icon="strait" title="No passage is followed yet.">They come with the first sweep of the transit counts.</Empty>;
  return (
    <TableFrame label="Passages on the map">
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">Passage</th>
            <th scope="col">State</th>
            <th scope="col" className="num">Transits</th>
            <th scope="col" className="num">Market odds</th>
            <th scope="col" className="num">Exposed</th>
          </tr>
        </thead>
        <tbody>
          {items.map((one) => (
            <tr key={one.id}>
              <td className={css.main}><Link to="/chokepoints/$id" params={{ id: one.id }} className="strong">{one.name}</Link></td>
              <td data-label="State"><Says word={passageWord(one)} /></td>
              <td data-label="Transits" className="num">{one.transits ? <>{Math.round(one.transits.value)} {one.transits.unit} ({change(one.transits.ratio)}) <span className="dim small nowrap">{day(one.transits.observed_for)}</span></> : <span className="dim">not known</span>}</td>
              <td data-label="Market odds" className="num">{one.probability ? <>{percent(one.probability.value)} <span className="dim small nowrap">by {day(one.probability.horizon_end)}</span></> : <span className="dim">no market</span>}</td>
              <td data-label="Exposed" className="num">{plural(one.exposed_shipments, 'shipment')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

export function VoyageList({ data }: { readonly data: MapData }) {
  if (data.voyages.length === 0) return <Empty icon="ship" title="No shipment is on its way or to come.">What has arrived is among the <Link to="/shipments">shipments</Link>.</Empty>;
  return (
    <>
      <TableFrame label="Shipments on the map">
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">Shipment</th>
              <th scope="col">From, to</th>
              <th scope="col">Where by schedule</th>
              <th scope="col">Next passage</th>
              <th scope="col" className="num">Cargo value</th>
              <th scope="col">Decision</th>
            </tr>
          </thead>
          <tbody>
            {data.voyages.map((voyage) => (
              <Row key={voyage.shipment.id} voyage={voyage} data={data} />
            ))}
          </tbody>
        </table>
      </TableFrame>
      {data.partial && <p className="dim small" style={{ padding: '8px 14px' }}>Of a longer list: <Link to="/shipments">all shipments</Link></p>}
    </>
  );
}

function Row({ voyage, data }: { readonly voyage: Voyage; readonly data: MapData }) {
  const { shipment: s, decision } = voyage;
  const route = data.routes.usual(voyage);
  const around = data.routes.around(voyage);
  return (
    <tr>
      <td className={css.main} style={{ minWidth: 130 }}>
        <Link to="/shipments" hash={s.id} className="strong">{s.reference}</Link>
        <div className="dim small">{s.customer_name}</div>
      </td>
      <td data-label="From, to">
        {s.from_name} → {s.to_name}
        <div className="dim small nowrap">ETA {day(s.eta)}</div>
      </td>
      <td data-label="Where by schedule">{placeOf(voyage, route?.distance_nm ?? s.distance_nm)}</td>
      <td data-label="Next passage">
        {nextPassage(voyage, route, data.now, data.nameOf) ?? <span className="dim">none</span>}
        {data.exposed.has(voyage) && <div className="small"><Toned tone="warn" icon="alert">exposed</Toned></div>}
        {around && <div className="small">around: +{count(around.extra_distance_nm)} nm, +{decimal(around.extra_days)} d at 16 kn</div>}
      </td>
      <td data-label="Cargo value" className="num">{money(s.cargo_value_usd)}</td>
      <td data-label="Decision">
        {decision ? (
          <>
            <Link to="/decisions/$id" params={{ id: decision.id }}><Says word={wordFor(ACTION_WORDS, decision.action)} /></Link>
            <div className="dim small nowrap">{timeLeft(decision.deadline, data.now).text}</div>
          </>
        ) : (
          <span className="dim">none</span>
        )}
      </td>
    </tr>
  );
}
