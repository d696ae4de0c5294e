// Pure words of an alert's way from contact to contact.
import type { Alert, AlertDelivery } from '../../api/types.ts';

const CHANNELS: Readonly<Record<string, string>> = { whatsapp: 'WhatsApp', email: 'e-mail', slack: 'Slack', teams: 'Teams', webhook: 'webhook', telegram: 'Telegram' };
export const channelName = (channel: string): string => CHANNELS[channel] ?? channel;

/** What is known of a delivery, and, where another contact was tried after it, why. */
export function storyOf(d: AlertDelivery, next: AlertDelivery | undefined): string {
  const parts = [d.error ? `${d.error.message.replace(/[.\s]+$/, '')} (${d.error.code})` : d.proof, ...(d.reason !== null && !d.error ? [d.reason] : [])];
  const begun = next !== undefined && next.status !== 'planned' && next.status !== 'cancelled';
  const moved = begun && (d.status === 'failed' || d.lapsed_at !== null);
  return `${parts.join('. ')}${moved ? `, so ${next.role === 'operators' ? 'the operators were told' : `${channelName(next.channel)} was tried`}` : ''}.`;
}

/** Several contacts, or one that went wrong, are worth their own lines; one that went well is told beside its headline. */
export const worthLines = ({ deliveries }: Pick<Alert, 'deliveries'>): boolean => deliveries.filter(({ status }) => status !== 'cancelled').length > 1;

const CAUSES: Readonly<Record<string, string>> = {
  exhausted: 'Every contact was tried, and nobody is known to have been told: the operators were called.',
  unread: 'Nobody read it in time: the operators were called.',
  held: 'The only way left does not let it pass now: the operators were called.',
  call_me: 'The customer asked for a call: the operators were told.',
};
export const escalationWords = (cause: string | null | undefined): string | null => (cause ? (CAUSES[cause] ?? `The operators were called: ${cause.replaceAll('_', ' ')}.`) : null);
