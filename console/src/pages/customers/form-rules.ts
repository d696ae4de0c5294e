// Pure rules of the customer form: what is on the page becomes what the API takes, and its refusals find their fields.
import type { ApiError } from '../../api/client.ts';
import { CHANNELS, type Channel, type Customer, type RiskTolerance } from '../../api/customers.ts';

export interface ContactField {
  readonly channel: Channel;
  /** Empty: the stored one is kept. */
  readonly address: string;
}

export interface CustomerForm {
  readonly name: string;
  readonly language: string;
  readonly timezone: string;
  readonly contacts: readonly ContactField[];
  readonly minExposure: string;
  /** Per cent. */
  readonly minProbability: string;
  readonly risk: RiskTolerance;
  readonly quiet: boolean;
  readonly quietFrom: string;
  readonly quietTo: string;
}

/** By the API's name of the field: `contacts[0].address`. */
export type FieldErrors = Readonly<Record<string, string>>;

export function formOf(c: Customer | null): CustomerForm {
  return {
    name: c?.name ?? '',
    language: c?.language ?? 'en',
    timezone: c?.timezone ?? '',
    contacts: c ? c.contacts.map(({ channel }) => ({ channel, address: '' })) : [{ channel: 'whatsapp', address: '' }],
    minExposure: c ? c.min_exposure_usd.replace(/\.0+$/, '') : '50000',
    minProbability: c ? String(Number((c.min_probability * 100).toPrecision(10))) : '2',
    risk: c?.risk_tolerance ?? 'balanced',
    quiet: Boolean(c?.quiet_hours),
    quietFrom: c?.quiet_hours?.from ?? '22:00',
    quietTo: c?.quiet_hours?.to ?? '07:00',
  };
}

/** `$100,000.50` as a person writes it is `100000.50`; what is no amount stays as it was, for the refusal to name. */
export const plainAmount = (text: string): string => {
  const bare = text.trim().replace(/^\$\s*/, '');
  return /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(bare) ? bare.replaceAll(',', '') : bare;
};

/** What only the page can know to be wrong: the rest is the API's to say. */
export function pageErrors(form: CustomerForm, kept: ReadonlySet<Channel>): FieldErrors {
  const errors: Record<string, string> = {};
  if (form.name.trim() === '') errors['name'] = 'Give the name of the firm';
  if (form.timezone.trim() === '') errors['timezone'] = 'Give the time zone, as in Europe/London';
  if (!/^\d{1,10}(\.\d{1,6})?$/.test(plainAmount(form.minExposure))) errors['min_exposure_usd'] = 'Give US dollars, as in 50000';
  const share = Number(form.minProbability.replace('%', '').trim() || Number.NaN);
  if (!(share >= 0 && share <= 100)) errors['min_probability'] = 'Give per cent from 0 to 100, as in 2';
  for (const [i, { channel, address }] of form.contacts.entries()) {
    if (address.trim() === '' && !kept.has(channel)) errors[`contacts[${i}].address`] = 'Give the address: none is stored for this channel';
  }
  if (form.contacts.length === 0) errors['contacts'] = 'Add at least one way to reach the customer';
  return errors;
}

/** The body of POST and PUT; only of a form without {@link pageErrors}. */
export function bodyOf(form: CustomerForm): Readonly<Record<string, unknown>> {
  return {
    name: form.name.trim(),
    language: form.language,
    timezone: form.timezone.trim(),
    contacts: form.contacts.map(({ channel, address }) => ({ channel, ...(address.trim() === '' ? {} : { address: address.trim() }) })),
    min_exposure_usd: plainAmount(form.minExposure),
    // 7.1 % is 0.071, not 0.07099999999999999.
    min_probability: Number((Number(form.minProbability.replace('%', '').trim()) / 100).toPrecision(12)),
    risk_tolerance: form.risk,
    quiet_hours: form.quiet ? { from: form.quietFrom, to: form.quietTo } : null,
  };
}

/** Each refused field with its words; one that the form does not show comes back under `rest`. */
export function refusedFields(error: Pick<ApiError, 'field' | 'fix' | 'issues' | 'message'>, shown: (field: string) => boolean): { readonly fields: FieldErrors; readonly rest: readonly string[] } {
  const issues = error.issues.length > 0 ? error.issues : error.field === null ? [] : [{ field: error.field, message: error.message, ...(error.fix === null ? {} : { fix: error.fix }) }];
  const fields: Record<string, string> = {};
  const rest: string[] = [];
  for (const { field, message, fix } of issues) {
    const words = told(message, fix);
    if (shown(field)) fields[field] ??= words;
    else rest.push(`${field}: ${words}`);
  }
  return { fields, rest };
}

/** "must be X: Y was given" and "It must be X" are said once. */
function told(message: string, fix: string | undefined): string {
  const first = message.charAt(0).toUpperCase() + message.slice(1);
  return !fix || message.includes(fix.replace(/^It /, '')) ? first : `${first}. ${fix}`;
}

/** The channels that a row may have: its own, and those that no other row has. */
export const freeChannels = (contacts: readonly ContactField[], own: Channel | null): readonly Channel[] => CHANNELS.filter((channel) => channel === own || !contacts.some((c) => c.channel === channel));

/** Moves one of a list by one place; beyond its ends nothing moves. */
export function moved<T>(list: readonly T[], from: number, by: 1 | -1): readonly T[] {
  const to = from + by;
  if (to < 0 || to >= list.length) return list;
  const next = [...list];
  next.splice(to, 0, ...next.splice(from, 1));
  return next;
}
