/** Slack's incoming webhooks, and what speaks as they do (Mattermost, Rocket.Chat): Block Kit with a text for notifications. After docs.slack.dev, "Sending messages using incoming webhooks", read 2026. */
import type { MessageChannel, OutgoingMessage, Reaction } from '../../flow/alerts/ports.ts';
import { cut, frameWords, oneLine, paragraphs, webLink } from '../sending/index.ts';
import { hookChannel, type HookProtocol, type HookSettings } from './hook.ts';

/** Block Kit's limits in characters. */
const HEADER_MAX = 150;
const SECTION_MAX = 3_000;
const FALLBACK_MAX = 1_000;

const GONE = 'The Slack webhook is gone: make a new one in Slack, and enter it at the customer';
const CODES: Readonly<Record<string, readonly [Reaction, string]>> = Object.freeze({
  no_service: ['give_up', GONE],
  no_service_id: ['give_up', GONE],
  no_team: ['give_up', GONE],
  invalid_token: ['give_up', GONE],
  no_active_hooks: ['give_up', GONE],
  team_disabled: ['give_up', 'The Slack workspace is disabled'],
  channel_is_archived: ['give_up', 'The Slack channel is archived: choose another for the webhook'],
  channel_not_found: ['give_up', 'The Slack channel is gone: choose another for the webhook'],
  user_not_found: ['give_up', 'The Slack user of the webhook is gone'],
  action_prohibited: ['give_up', 'An administrator of the Slack workspace does not allow this webhook to post'],
  posting_to_general_channel_denied: ['give_up', 'The workspace does not allow webhooks in its general channel: choose another'],
  invalid_payload: ['give_up', 'Slack does not take the message’s form'],
  no_text: ['give_up', 'Slack does not take the message’s form'],
  too_many_attachments: ['give_up', 'Slack does not take the message’s form'],
});

/** `&`, `<` and `>` begin Slack's own syntax: mentions, links, dates. */
const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const plain = (text: string, max: number): object => ({ type: 'plain_text', text: cut(text, max), emoji: false });

/** Everything of ours is `plain_text`, in which Slack reads no markup; only the link needs `mrkdwn`. */
export function slackMessage(m: OutgoingMessage): object {
  const words = frameWords(m.language);
  const headline = oneLine(m.headline) || '–';
  const deadline = `${words.decideBefore}: ${oneLine(m.deadline)}`;
  const link = webLink(m.link);
  const body = paragraphs(m.body).join('\n');
  return {
    text: cut(escape(`${headline} – ${deadline}`), FALLBACK_MAX),
    blocks: [
      { type: 'header', text: plain(`[${words.severity[m.severity]}] ${headline}`, HEADER_MAX) },
      { type: 'section', text: plain(deadline, SECTION_MAX) },
      // `|` would end the address within the link.
      ...(link === null ? [] : [{ type: 'section', text: { type: 'mrkdwn', text: `<${escape(link).replaceAll('|', '%7C')}|${escape(words.open)}>` } }]),
      ...(body === '' ? [] : [{ type: 'section', text: plain(body, SECTION_MAX) }]),
    ],
    unfurl_links: false,
    unfurl_media: false,
  };
}

export const SLACK: HookProtocol = Object.freeze({
  name: 'slack',
  title: 'Slack',
  ownHosts: false,
  body: slackMessage,
  taken(text: string) {
    if (text.trim() !== 'ok') throw new Error('Slack answers a message that it has taken with “ok”');
  },
  errorCode: (body: unknown) => (typeof body === 'string' && /^[a-z_]{3,60}$/.test(body.trim()) ? body.trim() : null),
  meaning(venueCode: string, status: number | null) {
    if (status === null || status === 429 || status < 400 || status >= 500) return null;
    const known = Object.hasOwn(CODES, venueCode) ? CODES[venueCode] : undefined;
    if (known) return { reaction: known[0], message: known[1] };
    return status === 404 || status === 410 || status === 403 ? { reaction: 'give_up' as const, message: GONE } : null;
  },
});

export const createSlackChannel = (settings: HookSettings): MessageChannel => hookChannel(SLACK, settings);
