// What is on the water or about to be, and which of it passes a troubled place.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { chokepointsQuery, decisionsQuery, shipmentsQuery } from '../../api/queries.ts';
import type { Chokepoint, DecisionSummary, Shipment } from '../../api/types.ts';
import { useList, useNow } from '../../api/use-desk.ts';
import { dollars, money } from '../../format/money.ts';
import { count, plural } from '../../format/number.ts';
import { day, millis } from '../../format/time.ts';
import { More, TableFrame } from '../../ui/list-frame.tsx';
import { Page, Panel } from '../../ui/panel.tsx';
import { Bones, Empty, Guard } from '../../ui/states.tsx';
import { ACTION_WORDS, CHOKEPOINT_WORDS, Says, Toned, wordFor } from '../../ui/words.tsx';
import css from '../tables.module.css';

export default function Shipments() {
  const list = useList<Shipment>(shipmentsQuery);
  const passages = useQuery(chokepointsQuery);
  const decisions = useList<DecisionSummary>(decisionsQuery('active'));
  const troubled = new Map((passages.data ?? []).filter(({ status }) => status !== 'NORMAL').map((one) => [one.id, one]));
  const names = new Map((passages.data ?? []).map((one) => [one.id, one.name]));
  const now = useNow();
  // What has arrived by its schedule passes nothing any more.
  const arrived = (shipment: Shipment): boolean => now !== null && millis(shipment.eta) <= now;
  const exposed = (shipment: Shipment): boolean => !arrived(shipment) && shipment.chokepoints.some((id) => troubled.has(id));
  const items = list.items && [...list.items].sort((a, b) => Number(exposed(b)) - Number(exposed(a)) || Number(arrived(a)) - Number(arrived(b)) || a.etd.localeCompare(b.etd));
  const hit = items?.filter(exposed) ?? [];
  return (
    <Page question="Which shipments are exposed?" name="Shipments" answer={items ? <Answer hit={hit} open={items.filter((one) => !arrived(one)).length} all={items.length} /> : null}>
      <Panel title="Shipments" aside={<Link to="/customers/import" search={{ what: 'shipments' }}>Import a file</Link>} flush>
        <Guard query={{ ...list, data: items }} what="the shipments" loading={<Bones rows={12} height={55} onPhone={268} />}>
          {(all) =>
            all.length === 0 ? (
              <Empty icon="ship" title="No shipments are on file.">
                <Link to="/customers/import" search={{ what: 'shipments' }}>Import a CSV or Excel file</Link>, or POST them to <code>/api/v1/shipments</code>.
              </Empty>
            ) : (
              <TableFrame label="Shipments">
                <table className={css.table}>
                  <thead>
                    <tr>
                      <th scope="col">Shipment</th>
                      <th scope="col">Route</th>
                      <th scope="col">Passes</th>
                      <th scope="col">ETD, ETA</th>
                      <th scope="col">Carrier, vessel</th>
                      <th scope="col" className="num">Cargo</th>
                      <th scope="col" className="num">Value</th>
                      <th scope="col">Decision</th>
                    </tr>
                  </thead>
                  <tbody>
                    {all.map((shipment) => (
                      <Row key={shipment.id} shipment={shipment} troubled={arrived(shipment) ? NOTHING : troubled} arrived={arrived(shipment)} names={names} decision={decisions.items?.find(({ shipment_id }) => shipment_id === shipment.id)} />
                    ))}
                  </tbody>
                </table>
              </TableFrame>
            )
          }
        </Guard>
        <More list={list} shown={list.items?.length ?? 0} word="shipments" />
      </Panel>
    </Page>
  );
}

function Answer({ hit, open, all }: { readonly hit: readonly Shipment[]; readonly open: number; readonly all: number }) {
  if (all === 0) return <>No shipment is on file.</>;
  if (open === 0) return <>None: {all === 1 ? 'the one on file has' : `all ${all} have`} arrived.</>;
  const worth = hit.reduce((sum, { cargo_value_usd }) => sum + (dollars(cargo_value_usd) || 0), 0);
  return <>{hit.length === 0 ? 'None' : hit.length} of {plural(open, 'shipment')} on the way or to come{hit.length > 0 && <>, cargo worth {money(Math.round(worth))}</>}</>;
}

const NOTHING: ReadonlyMap<string, Chokepoint> = new Map();

interface RowProps {
  readonly shipment: Shipment;
  readonly troubled: ReadonlyMap<string, Chokepoint>;
  readonly arrived: boolean;
  readonly names: ReadonlyMap<string, string>;
  readonly decision: DecisionSummary | undefined;
}

function Row({ shipment: s, troubled, arrived, names, decision }: RowProps) {
  return (
    <tr id={s.id}>
      <td className={css.main} style={{ minWidth: 130 }}>
        <span className="strong">{s.reference}</span>
        <div className="dim small">{s.customer_name}</div>
      </td>
      <td data-label="Route">
        {s.from_name} → {s.to_name}
        <div className="dim small">
          {s.from} → {s.to}, {count(s.distance_nm)} nm
        </div>
      </td>
      <td data-label="Passes">
        {s.chokepoints.length === 0 && <span className="dim">no chokepoint</span>}
        {s.chokepoints.map((id) => {
          const trouble = troubled.get(id);
          return (
            <div key={id}>
              {trouble ? <Toned tone={wordFor(CHOKEPOINT_WORDS, trouble.status).tone} icon="alert"><Link to="/chokepoints/$id" params={{ id }}>{trouble.name}</Link></Toned> : <span className="nowrap">{names.get(id) ?? id.replaceAll('_', ' ')}</span>}
            </div>
          );
        })}
      </td>
      <td data-label="ETD, ETA" className="nowrap">
        {day(s.etd)}
        <div className="dim small">{day(s.eta)}{arrived && ', arrived'}</div>
      </td>
      <td data-label="Carrier, vessel">
        {s.carrier}
        <div className="dim small">{s.vessel ?? 'no vessel named'}</div>
      </td>
      <td data-label="Cargo" className="num">
        {count(s.containers)} × {s.container_type}
        <div className="dim small">
          {s.feu} FEU, {s.goods_class.replaceAll('_', ' ')}
        </div>
      </td>
      <td data-label="Value" className="num">{money(s.cargo_value_usd)}</td>
      <td data-label="Decision">
        {decision ? (
          <Link to="/decisions/$id" params={{ id: decision.id }}>
            <Says word={wordFor(ACTION_WORDS, decision.action)} />
          </Link>
        ) : (
          <span className="dim">none</span>
        )}
      </td>
    </tr>
  );
}
