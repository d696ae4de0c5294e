// The passages, the one of most concern first.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { chokepointsQuery } from '../../api/queries.ts';
import type { Chokepoint } from '../../api/types.ts';
import { usePolling, useStatus } from '../../api/use-desk.ts';
import { change, percent, plural } from '../../format/number.ts';
import { day } from '../../format/time.ts';
import { TableFrame } from '../../ui/list-frame.tsx';
import { Page, Panel } from '../../ui/panel.tsx';
import { AsOf } from '../../ui/source.tsx';
import { Bones, Empty, Guard } from '../../ui/states.tsx';
import { Says, Toned, passageWord } from '../../ui/words.tsx';
import { byConcern } from '../overview/rank.ts';
import { ChokepointSource } from '../overview/watch.tsx';
import css from '../tables.module.css';

export default function Chokepoints() {
  const status = useStatus();
  const refetchInterval = usePolling();
  const query = useQuery({ ...chokepointsQuery, refetchInterval });
  const troubled = query.data?.filter((one) => one.status !== 'NORMAL').length;
  return (
    <Page question="Which passages are in trouble?" name="Chokepoints" answer={troubled === undefined ? null : troubled === 0 ? 'None.' : `${troubled} of ${query.data?.length ?? 0}`} aside={<AsOf at={status.data?.as_of} />}>
      <Panel title="Chokepoints" flush>
        <Guard query={query} what="the chokepoints" loading={<Bones rows={9} height={57} onPhone={190} />}>
          {(items) =>
            items.length === 0 ? (
              <Empty icon="strait" title="No passage is followed yet.">They come with the first sweep of the transit counts.</Empty>
            ) : (
              <TableFrame label="Chokepoints">
                <table className={css.table}>
                  <thead>
                    <tr>
                      <th scope="col">Passage</th>
                      <th scope="col">State</th>
                      <th scope="col" className="num">Transits</th>
                      <th scope="col" className="num">Against usual</th>
                      <th scope="col" className="num">Market odds</th>
                      <th scope="col">Alarm</th>
                      <th scope="col" className="num">Exposed</th>
                      <th scope="col"><span className="visually-hidden">Source</span></th>
                    </tr>
                  </thead>
                  <tbody>
                    {byConcern(items).map((one) => (
                      <Row key={one.id} chokepoint={one} />
                    ))}
                  </tbody>
                </table>
              </TableFrame>
            )
          }
        </Guard>
      </Panel>
    </Page>
  );
}

function Row({ chokepoint: one }: { readonly chokepoint: Chokepoint }) {
  return (
    <tr>
      <td className={css.main}>
        <Link to="/chokepoints/$id" params={{ id: one.id }} className="strong">
          {one.name}
        </Link>
      </td>
      <td data-label="State">
        <Says word={passageWord(one)} />
      </td>
      <td data-label="Transits" className="num">
        {one.transits ? (
          <>
            {Math.round(one.transits.value)} {one.transits.unit}
            <div className="dim small">{day(one.transits.observed_for)}</div>
          </>
        ) : (
          <span className="dim">not known</span>
        )}
      </td>
      <td data-label="Against usual" className="num">
        {one.transits ? (
          <>
            {change(one.transits.ratio)}
            <div className="dim small">
              usual {Math.round(one.transits.baseline_mean)} ± {Math.round(2 * one.transits.baseline_sd)}
            </div>
          </>
        ) : (
          '–'
        )}
      </td>
      <td data-label="Market odds" className="num">
        {one.probability ? (
          <>
            <b>{percent(one.probability.value)}</b>
            <div className="dim small">by {day(one.probability.horizon_end)}</div>
          </>
        ) : (
          <span className="dim">no market</span>
        )}
      </td>
      <td data-label="Alarm">{one.alarm ? <Toned tone="bad" icon="alert">{one.alarm.direction} since {day(one.alarm.known_at)}</Toned> : <span className="dim">none</span>}</td>
      <td data-label="Exposed" className="num">{plural(one.exposed_shipments, 'shipment')}</td>
      <td>
        <ChokepointSource chokepoint={one} />
      </td>
    </tr>
  );
}
