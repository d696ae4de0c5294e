// "Where is it, and what does it touch?": the world with the passages and the shipments on it, and the same as a list.
import { useStatus } from '../../api/use-desk.ts';
import { PassageShape } from '../../map/marks.tsx';
import { useMapData, type MapData } from '../../map/use-map-data.ts';
import WorldMap from '../../map/world-map.tsx';
import { dollars, money } from '../../format/money.ts';
import { plural } from '../../format/number.ts';
import { Page, Panel } from '../../ui/panel.tsx';
import { AsOf } from '../../ui/source.tsx';
import { Bones, Guard } from '../../ui/states.tsx';
import { PassageList, VoyageList } from './lists.tsx';
import css from './map.module.css';

export default function MapPage() {
  const status = useStatus();
  const query = useMapData();
  const failed = query.data === undefined && query.error !== null;
  return (
    <Page question="Where is it, and what does it touch?" name="Map" answer={query.data ? <Answer data={query.data} /> : <span className={css.answer} />} aside={<AsOf at={status.data?.as_of} />}>
      <div className="stack">
        <Panel title="World map" quietOnPhone flush>
          <Guard query={query} what="the map" loading={<div className={css.waits} />}>
            {(data) => <WorldMap data={data} />}
          </Guard>
          {!failed && <Legend />}
        </Panel>
        {/* What went wrong is said once, where the map would be. */}
        {!failed && (
          <>
            <Panel title="Passages" flush>
              {query.data ? <PassageList data={query.data} /> : <Bones rows={9} height={39} onPhone={128} />}
            </Panel>
            <Panel title="Shipments on their way or to come" flush>
              {query.data ? <VoyageList data={query.data} /> : <Bones rows={6} height={57} onPhone={220} />}
            </Panel>
          </>
        )}
      </div>
    </Page>
  );
}

function Answer({ data: { passages, voyages, exposed } }: { readonly data: MapData }) {
  const troubled = passages.filter(({ passage }) => passage.status !== 'NORMAL');
  const worth = voyages.filter((voyage) => exposed.has(voyage)).reduce((sum, { shipment }) => sum + (dollars(shipment.cargo_value_usd) || 0), 0);
  const names = troubled.length === 0 ? 'No passage is in trouble' : troubled.length === 1 ? `${troubled[0]!.passage.name} is in trouble` : `${plural(troubled.length, 'passage')} in trouble`;
  return (
    <>
      <b>{names}</b>; {voyages.length === 0 ? 'no shipment is on its way or to come' : <>{exposed.size} of {plural(voyages.length, 'shipment')} exposed</>}{exposed.size > 0 && <>, cargo worth <b>{money(Math.round(worth))}</b></>}
    </>
  );
}

/** The shapes as they are on the map, with their words. */
function Legend() {
  return (
    <ul className={css.legend} aria-label="What the marks mean">
      <li><PassageShape status="NORMAL" tone="good" size={16} /> normal</li>
      <li><PassageShape status="PREDICTED_NOT_OBSERVED" tone="warn" size={16} /> predicted</li>
      <li><PassageShape status="MATERIALIZING" tone="warn" size={16} /> materializing</li>
      <li><PassageShape status="CONFIRMED" tone="bad" size={16} /> confirmed</li>
      <li><PassageShape status="SURPRISE" tone="bad" size={16} /> surprise</li>
      <li><svg width="18" height="14" aria-hidden="true"><path d="M9 1 14 13 9 10.5 4 13z" className={css.ship} /></svg> exposed ship, by its schedule</li>
      <li><svg width="14" height="14" aria-hidden="true"><rect x="2.5" y="2.5" width="9" height="9" rx="1.5" className={css.ship} /></svg> waits in port</li>
      <li><svg width="26" height="10" aria-hidden="true"><path d="M1 5h24" className={css.lane} /></svg> its way</li>
      <li><svg width="26" height="10" aria-hidden="true"><path d="M1 5h24" className={css.around} /></svg> advised way around</li>
      <li className={css.keys}>Zoom: Ctrl + wheel, + − 0</li>
    </ul>
  );
}
