// A file of shipments or customers: looked at first, told row by row, and brought in whole or not at all.
import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { customersQuery, importColumnsQuery, type Customer, type ImportKind } from '../../api/customers.ts';
import { download } from '../../api/files.ts';
import { useList } from '../../api/use-desk.ts';
import { wordsOf } from '../../shell/sign-in-context.ts';
import { Icon } from '../../ui/icons.tsx';
import { Choice, TableFrame } from '../../ui/list-frame.tsx';
import { notify } from '../../ui/notices.tsx';
import { Page, Panel } from '../../ui/panel.tsx';
import { Bones, Guard } from '../../ui/states.tsx';
import tables from '../tables.module.css';
import { Drop } from './drop.tsx';
import { ImportResult } from './import-result.tsx';
import css from './import.module.css';
import { useImport } from './use-import.ts';

const route = getRouteApi('/customers/import');

export default function Import() {
  const { what = 'shipments' } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <Page
      question="What is in the file, and what would it change?"
      name={`Import ${what}`}
      answer="Nothing is written until you say so."
      aside={<Choice label="What the file holds" value={what} options={[['shipments', 'Shipments'], ['customers', 'Customers']]} onChange={(next) => void navigate({ search: { what: next } })} />}
    >
      {/* Another kind is another import: what was looked at does not carry over. */}
      <Body key={what} kind={what} />
    </Page>
  );
}

function Body({ kind }: { readonly kind: ImportKind }) {
  const [customerId, setCustomerId] = useState('');
  const { step, choose, send, forget } = useImport(kind, customerId);
  const busy = step.at === 'sending';
  return (
    <div className="stack">
      <Panel title={`A file of ${kind}`} aside={<Template kind={kind} />}>
        <div className={css.choose}>
          {kind === 'shipments' && <ForCustomer value={customerId} disabled={busy} onChange={(next) => { setCustomerId(next); forget(); }} />}
          <Drop busy={busy} again={step.at !== 'start'} onFile={(file) => void choose(file)} />
          <p role="alert" className={css.refusal}>{step.at === 'start' ? step.refusal : null}</p>
        </div>
      </Panel>
      <ImportResult kind={kind} step={step} onLook={(file) => void send(file, true)} onImport={(file) => void send(file, false)} />
      <Columns kind={kind} />
    </div>
  );
}

/** Rows without a customer of their own belong to this one. */
function ForCustomer({ value, disabled, onChange }: { readonly value: string; readonly disabled: boolean; readonly onChange: (id: string) => void }) {
  const list = useList<Customer>(customersQuery);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const loaded = list.items?.length ?? 0;
  // All of them, so that everybody can be chosen; beyond a thousand a column in the file is the better way.
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && loaded < 1_000) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, loaded]);
  return (
    <NativeSelect
      className={css.customer}
      label="Whose shipments are they?"
      value={value}
      disabled={disabled}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={[{ value: '', label: 'As column customer_id says' }, ...(list.items ?? []).map(({ id, name }) => ({ value: id, label: `${name} (rows that name none)` }))]}
    />
  );
}

function Template({ kind }: { readonly kind: ImportKind }) {
  const [busy, setBusy] = useState(false);
  const get = async (): Promise<void> => {
    setBusy(true);
    await download(`/api/v1/imports/${kind}/template`, `${kind}.csv`).catch((error: unknown) => notify('bad', wordsOf(error)));
    setBusy(false);
  };
  return (
    <Button size="xs" variant="default" loading={busy} leftSection={<Icon name="down" size={14} />} onClick={() => void get()}>
      Template to fill in
    </Button>
  );
}

function Columns({ kind }: { readonly kind: ImportKind }) {
  const columns = useQuery(importColumnsQuery(kind));
  return (
    <Panel title={`Columns of a file of ${kind}`} aside={kind === 'shipments' ? <Link to="/shipments">All shipments</Link> : <Link to="/customers">All customers</Link>} flush>
      <Guard query={columns} what="the columns" loading={<Bones rows={10} height={37} onPhone={92} />}>
        {(items) => (
          <TableFrame label="Columns">
            <table className={tables.table}>
              <thead>
                <tr>
                  <th scope="col">Column</th>
                  <th scope="col">Needed</th>
                  <th scope="col">What</th>
                  <th scope="col">Example</th>
                </tr>
              </thead>
              <tbody>
                {items.map(({ name, required, about, example }) => (
                  <tr key={name}>
                    <td className={tables.main}><code className="strong">{name}</code></td>
                    <td data-label="Needed">{required ? <b>yes</b> : <span className="dim">may be left out</span>}</td>
                    <td data-label="What">{about}</td>
                    <td data-label="Example">{example === '' ? <span className="dim">–</span> : <code>{example}</code>}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </TableFrame>
        )}
      </Guard>
    </Panel>
  );
}
