// Whom decisions are for: how each is reached, in which order, and below what they do not want to hear.
import { Link } from '@tanstack/react-router';
import { customersQuery, type Customer } from '../../api/customers.ts';
import { useList } from '../../api/use-desk.ts';
import { money } from '../../format/money.ts';
import { count, percent, plural } from '../../format/number.ts';
import { Icon } from '../../ui/icons.tsx';
import { More, TableFrame } from '../../ui/list-frame.tsx';
import { Page, Panel } from '../../ui/panel.tsx';
import { Bones, Empty, Guard } from '../../ui/states.tsx';
import { Toned } from '../../ui/words.tsx';
import tables from '../tables.module.css';
import css from './customers.module.css';
import { CHANNEL_WORDS, languageName, TOLERANCE_WORDS } from './words.ts';

export default function Customers() {
  const list = useList<Customer>(customersQuery);
  return (
    <Page
      question="Who is told, how, and below what not?"
      name="Customers"
      answer={list.items ? `${plural(list.items.length, 'customer')}${list.hasNextPage ? ' and more' : ''}` : null}
      aside={
        <>
          <Link to="/customers/import" search={{ what: 'customers' }} className={css.key}>Import a file</Link>
          <Link to="/customers/new" className={css.key} data-strong>Add a customer</Link>
        </>
      }
    >
      <Panel title="Customers" flush quietOnPhone>
        <Guard query={{ ...list, data: list.items }} what="the customers" loading={<Bones rows={6} height={76} onPhone={232} />}>
          {(items) =>
            items.length === 0 ? (
              <Empty icon="user" title="No customer is on file, so nobody can be told anything." action={<Link to="/customers/new">Add the first one</Link>}>
                Or import a file of several: its template is on the import page.
              </Empty>
            ) : (
              <Table items={items} />
            )
          }
        </Guard>
        <More list={list} shown={list.items?.length ?? 0} word="customers" />
      </Panel>
    </Page>
  );
}

function Table({ items }: { readonly items: readonly Customer[] }) {
  return (
    <TableFrame label="Customers">
      <table className={tables.table}>
        <thead>
          <tr>
            <th scope="col">Customer</th>
            <th scope="col">Told by, in this order</th>
            <th scope="col">Not told below</th>
            <th scope="col">Quiet hours</th>
            <th scope="col">Language</th>
            <th scope="col">Risk tolerance</th>
            <th scope="col" className="num">Shipments</th>
          </tr>
        </thead>
        <tbody>
          {items.map((customer) => (
            <Row key={customer.id} customer={customer} />
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Row({ customer: c }: { readonly customer: Customer }) {
  const [tolerance, means] = TOLERANCE_WORDS[c.risk_tolerance];
  return (
    <tr>
      <td className={tables.main}>
        <Link to="/customers/$id/edit" params={{ id: c.id }} className="strong" data-step>{c.name}</Link>
        <div className="dim small">{c.id}</div>
      </td>
      <td data-label="Told by, in this order">
        {c.contacts.length === 0 ? (
          <Toned tone="bad" icon="alert">nobody can be reached</Toned>
        ) : (
          <ol className={css.contacts}>
            {c.contacts.map(({ channel, address }) => (
              <li key={channel}>
                {CHANNEL_WORDS[channel] ?? channel} <span className="dim">{address}</span>
              </li>
            ))}
          </ol>
        )}
      </td>
      <td data-label="Not told below">
        <span className="nowrap">{money(c.min_exposure_usd)} exposed</span>
        <div className="nowrap">{percent(c.min_probability)} chance</div>
      </td>
      <td data-label="Quiet hours">
        {c.quiet_hours ? <span className="nowrap"><Icon name="moon" size={14} /> {c.quiet_hours.from} to {c.quiet_hours.to}</span> : <span className="dim">none</span>}
        <div className="dim small">{c.timezone}</div>
      </td>
      <td data-label="Language">{languageName(c.language)}</td>
      <td data-label="Risk tolerance">
        {tolerance}
        <div className="dim small">{means}</div>
      </td>
      <td data-label="Shipments" className="num">{c.shipments === undefined ? '–' : count(c.shipments)}</td>
    </tr>
  );
}
