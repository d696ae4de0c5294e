// Shipment by shipment: what was done on our decisions, what would have been cheapest, and the difference.
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { BacktestExposure, BacktestReport } from '../../api/backtests.ts';
import { usePassageName } from '../../api/use-desk.ts';
import { dollars, money } from '../../format/money.ts';
import { plural } from '../../format/number.ts';
import { day, instantShort } from '../../format/time.ts';
import { Choice, TableFrame } from '../../ui/list-frame.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Empty } from '../../ui/states.tsx';
import { ACTION_WORDS, Says, Toned, wordFor } from '../../ui/words.tsx';
import tables from '../tables.module.css';

type Order = 'regret' | 'passing';

export function Exposures({ regret }: { readonly regret: BacktestReport['regret'] }) {
  const [order, setOrder] = useState<Order>('regret');
  const rows = [...regret.exposures].sort((a, b) => (order === 'regret' ? dollars(b.regret_usd) - dollars(a.regret_usd) : a.passes_at.localeCompare(b.passes_at)));
  return (
    <Panel title="Shipment by shipment" aside={rows.length > 1 && <Choice label="Order" value={order} options={[['regret', 'Dearest miss first'], ['passing', 'By date']]} onChange={setOrder} />} flush>
      {rows.length === 0 ? (
        <Empty icon="ship" title="No shipment was hit, and none was acted on." />
      ) : (
        <TableFrame label="Shipments of the backtest">
          <table className={tables.table}>
            <thead>
              <tr>
                <th scope="col">Shipment</th>
                <th scope="col">Passes</th>
                <th scope="col">What came</th>
                <th scope="col">We did</th>
                <th scope="col">Cheapest was</th>
                <th scope="col" className="num">Our cost</th>
                <th scope="col" className="num">Hindsight</th>
                <th scope="col" className="num">Missed</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => <Row key={row.shipment_id + row.passes_at} row={row} />)}
            </tbody>
          </table>
        </TableFrame>
      )}
    </Panel>
  );
}

function Row({ row }: { readonly row: BacktestExposure }) {
  const nameOf = usePassageName();
  return (
    <tr>
      <td className={`${tables.main} strong`} style={{ minWidth: 120 }}>{row.shipment_reference}</td>
      <td data-label="Passes">
        {row.passages.map((id, i) => <span key={id}>{i > 0 && ', '}<Link to="/chokepoints/$id" params={{ id }}>{nameOf(id)}</Link></span>)}
        <div className="dim small">{day(row.passes_at)}</div>
      </td>
      <td data-label="What came">
        {row.hit ? <Toned tone="bad" icon="alert">Closed</Toned> : <Toned tone="good" icon="check">Open</Toned>}
        {row.closed_days !== null && <div className="dim small">{row.still_closed_at_record_end ? 'at least ' : ''}{plural(Math.round(row.closed_days), 'day')}</div>}
      </td>
      <td data-label="We did">
        {row.ours.length === 0 ? <Says word={wordFor(ACTION_WORDS, 'proceed')} /> : row.ours.map((one) => <div key={one.at}><Says word={wordFor(ACTION_WORDS, one.option)} /><div className="dim small nowrap">{instantShort(one.at)}</div></div>)}
      </td>
      <td data-label="Cheapest was">{row.in_hindsight.length === 0 ? <Says word={wordFor(ACTION_WORDS, 'proceed')} /> : row.in_hindsight.map((one) => <div key={one}><Says word={wordFor(ACTION_WORDS, one)} /></div>)}</td>
      <td data-label="Our cost" className="num">{money(Math.round(dollars(row.ours_usd)))}</td>
      <td data-label="Hindsight" className="num">{money(Math.round(dollars(row.hindsight_usd)))}</td>
      <td data-label="Missed" className="num"><b>{dollars(row.regret_usd) < 0.5 ? <span className="dim">$0</span> : money(Math.round(dollars(row.regret_usd)))}</b></td>
    </tr>
  );
}
