// A customer made or changed. What the desk refuses is told at its field; nothing half done.
import { Button, NativeSelect, Switch, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useMemo, useRef, useState, type FormEvent } from 'react';
import { api, ApiError } from '../../api/client.ts';
import { customerQuery, RISK_TOLERANCES, type Customer, type RiskTolerance } from '../../api/customers.ts';
import { act } from '../../shell/sign-in-context.ts';
import { notify } from '../../ui/notices.tsx';
import { Page, Panel } from '../../ui/panel.tsx';
import { Block, Guard } from '../../ui/states.tsx';
import { ContactRows } from './contact-rows.tsx';
import css from './customers.module.css';
import { bodyOf, formOf, pageErrors, refusedFields, type CustomerForm, type FieldErrors } from './form-rules.ts';
import { LANGUAGES, TOLERANCE_WORDS } from './words.ts';

export default function EditCustomer() {
  const { id } = useParams({ strict: false });
  const query = useQuery(customerQuery(id ?? ''));
  return (
    <Page question={`How is ${query.data?.name ?? 'this customer'} told, and below what not?`} name={query.data?.name ?? 'Customer'} aside={<Link to="/customers">All customers</Link>}>
      <Panel title={query.data ? <>Customer <code>{query.data.id}</code></> : 'Customer'}>
        <Guard query={query} what="this customer" loading={<Block height={560} />}>
          {/* As it was when the page opened: what comes later does not overwrite what is being typed. */}
          {(customer) => <Form key={customer.id} before={customer} />}
        </Guard>
      </Panel>
    </Page>
  );
}

export function NewCustomer() {
  return (
    <Page question="Who is to be told, how, and below what not?" name="New customer" aside={<Link to="/customers">All customers</Link>}>
      <Panel title="A new customer">
        <Form before={null} />
      </Panel>
    </Page>
  );
}

const SHOWN = /^(name|language|timezone|contacts|min_exposure_usd|min_probability|risk_tolerance|quiet_hours(\.(from|to))?|contacts\[\d+\]\.(channel|address))$/;
/** The help stands under a field, so that neighbours begin at one height. */
const BELOW: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'description', 'error'];
const NONE = { fields: {} as FieldErrors, rest: [] as readonly string[] };

function useSave(before: Customer | null, form: CustomerForm, kept: ReadonlyMap<string, string>) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<typeof NONE>(NONE);
  const save = async (): Promise<FieldErrors> => {
    const own = pageErrors(form, new Set(kept.keys()) as Parameters<typeof pageErrors>[1]);
    if (Object.keys(own).length > 0) {
      setWrong({ fields: own, rest: [] });
      return own;
    }
    setBusy(true);
    setWrong(NONE);
    let refused: ApiError | null = null;
    const outcome = await act(() =>
      api<Customer>(before ? `/api/v1/customers/${encodeURIComponent(before.id)}` : '/api/v1/customers', { method: before ? 'PUT' : 'POST', body: bodyOf(form) }).catch((error: unknown) => {
        if (error instanceof ApiError) refused = error;
        throw error;
      }),
    );
    setBusy(false);
    if (outcome.kind === 'done') {
      notify('good', `${outcome.value.name}: saved.`);
      await client.invalidateQueries({ queryKey: ['customers'] });
      await navigate({ to: '/customers' });
    }
    if (outcome.kind !== 'failed') return {};
    const told = refused === null ? NONE : refusedFields(refused, (field) => SHOWN.test(field));
    setWrong(Object.keys(told.fields).length > 0 ? told : { fields: {}, rest: [outcome.words] });
    return told.fields;
  };
  return { busy, wrong, save };
}

function Form({ before }: { readonly before: Customer | null }) {
  const [form, setForm] = useState(() => formOf(before));
  const kept = useMemo(() => new Map((before?.contacts ?? []).map(({ channel, address }) => [channel, address] as const)), [before]);
  const { busy, wrong, save } = useSave(before, form, kept);
  const element = useRef<HTMLFormElement>(null);
  const set = (change: Partial<CustomerForm>): void => setForm({ ...form, ...change });
  const typed = (field: 'name' | 'timezone' | 'minExposure' | 'minProbability' | 'quietFrom' | 'quietTo') => (event: { currentTarget: HTMLInputElement }) => set({ [field]: event.currentTarget.value });
  const zones = useMemo(() => Intl.supportedValuesOf('timeZone'), []);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const fields = await save();
    // The keyboard goes to the first field that is wrong.
    if (Object.keys(fields).length > 0) window.setTimeout(() => element.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus(), 0);
  };
  const at = (field: string): string | undefined => wrong.fields[field];
  return (
    <form ref={element} className={css.form} noValidate onSubmit={(event) => void submit(event)}>
      <div className={css.pair}>
        <TextInput label="Name of the firm" name="name" required withAsterisk={false} value={form.name} onChange={typed('name')} error={at('name')} autoComplete="organization" />
        <NativeSelect label="Language of its messages" name="language" value={form.language} onChange={(event) => set({ language: event.currentTarget.value })} error={at('language')} data={languagesWith(form.language)} />
        <TextInput label="Time zone" inputWrapperOrder={BELOW} description="Quiet hours and deadlines are told in it." name="timezone" list="time-zones" placeholder="Europe/London" value={form.timezone} onChange={typed('timezone')} error={at('timezone')} autoComplete="off" />
        <NativeSelect label="Risk tolerance" inputWrapperOrder={BELOW} description={`${TOLERANCE_WORDS[form.risk][0]}: ${TOLERANCE_WORDS[form.risk][1]}.`} value={form.risk} onChange={(event) => set({ risk: event.currentTarget.value as RiskTolerance })} error={at('risk_tolerance')} data={RISK_TOLERANCES.map((value) => ({ value, label: TOLERANCE_WORDS[value][0] }))} />
      </div>
      <datalist id="time-zones">{zones.map((zone) => <option key={zone} value={zone} />)}</datalist>
      <ContactRows contacts={form.contacts} kept={kept} errors={wrong.fields} onChange={(contacts) => set({ contacts })} />
      <fieldset className={css.group}>
        <legend>Below what they are not told</legend>
        <p className={css.help}>A decision is told when it passes both.</p>
        <div className={css.pair}>
          <TextInput label="Least exposure, US dollars" name="min_exposure" inputMode="decimal" value={form.minExposure} onChange={typed('minExposure')} error={at('min_exposure_usd')} leftSection="$" />
          <TextInput label="Least chance of being hit, per cent" name="min_probability" inputMode="decimal" value={form.minProbability} onChange={typed('minProbability')} error={at('min_probability')} rightSection="%" />
        </div>
      </fieldset>
      <fieldset className={css.group}>
        <legend>Quiet hours</legend>
        <p className={css.help}>What is not critical waits until they end.</p>
        <Switch label={form.quiet ? 'Quiet between these local times' : 'None: told at any hour'} checked={form.quiet} onChange={(event) => set({ quiet: event.currentTarget.checked })} />
        {form.quiet && (
          <div className={css.pair} style={{ marginTop: 10 }}>
            <TextInput label="From" type="time" value={form.quietFrom} onChange={typed('quietFrom')} error={at('quiet_hours.from')} />
            <TextInput label="To" type="time" value={form.quietTo} onChange={typed('quietTo')} error={at('quiet_hours.to') ?? at('quiet_hours')} />
          </div>
        )}
      </fieldset>
      <p className={css.wrong} role="alert">
        {wrong.rest.length > 0 ? wrong.rest.join(' ') : Object.keys(wrong.fields).length > 0 ? 'Nothing was saved: see the fields above.' : null}
      </p>
      <div className={css.buttons}>
        <Button type="submit" loading={busy}>{before ? 'Save' : 'Add the customer'}</Button>
        <Button variant="default" component={Link} to="/customers">Cancel</Button>
      </div>
    </form>
  );
}

/** A tag that an import brought, `zh-CN`, stays what it is. */
const languagesWith = (tag: string): { value: string; label: string }[] => [
  ...LANGUAGES.map(([value, label]) => ({ value, label })),
  ...(LANGUAGES.some(([code]) => code === tag) ? [] : [{ value: tag, label: tag }]),
];
