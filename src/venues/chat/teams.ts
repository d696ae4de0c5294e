/** Teams' workflow webhooks ("When a Teams webhook request is received"): one Adaptive Card 1.5. After learn.microsoft.com, "Create incoming webhooks with Workflows" and adaptivecards.io, read 2026. */
import { VenueFault } from '../../kernel/outbound/types.ts';
import type { MessageChannel, OutgoingMessage } from '../../flow/alerts/ports.ts';
import { cut, frameWords, oneLine, paragraphs, webLink } from '../sending/index.ts';
import { hookChannel, type HookProtocol, type HookSettings } from './hook.ts';

/** Teams takes 28 KB a message: three times this in UTF-8, and the frame, stay below. */
const BODY_MAX = 6_000;
const HEADLINE_MAX = 500;

/** Runs of a RichTextBlock are shown as they are; a TextBlock would read Markdown, and with it links that are not ours. */
const text = (words: string, style: object = {}): object => ({ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: words, ...style }] });

export function teamsMessage(m: OutgoingMessage): object {
  const words = frameWords(m.language);
  const headline = cut(oneLine(m.headline), HEADLINE_MAX) || '–';
  const deadline = `${words.decideBefore}: ${cut(oneLine(m.deadline), HEADLINE_MAX)}`;
  const link = webLink(m.link);
  const card = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.5',
    lang: words.tag,
    // Read aloud, and shown where cards are not.
    speak: `${headline}. ${deadline}`,
    fallbackText: `${headline} – ${deadline}`,
    body: [
      text(`[${words.severity[m.severity]}] ${headline}`, { weight: 'Bolder', size: 'Large' }),
      text(deadline, { weight: 'Bolder' }),
      ...paragraphs(cut(m.body, BODY_MAX)).map((line) => text(line)),
    ],
    ...(link === null ? {} : { actions: [{ type: 'Action.OpenUrl', title: words.open, url: link }] }),
  };
  return { type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card }] };
}

/** The older connectors tell the failure of what lies behind them in the text of a 200. */
const RELAYED = /Microsoft Teams endpoint returned HTTP error (\d{3})/i;

const MEANINGS: Readonly<Record<number, string>> = Object.freeze({
  400: 'The Teams workflow does not take the card, or is switched off: see its run history',
  401: 'The address of the Teams workflow has a wrong or expired signature: copy it anew',
  403: 'The Teams workflow does not allow this caller: set “Who can trigger the flow” to anyone',
  404: 'The Teams workflow is gone: make a new one, and enter its address at the customer',
  410: 'The Teams workflow is gone: make a new one, and enter its address at the customer',
  413: 'The card is larger than Teams takes (28 KB)',
});

export const TEAMS: HookProtocol = Object.freeze({
  name: 'teams',
  title: 'Teams',
  ownHosts: false,
  body: teamsMessage,
  taken(reply: string) {
    const status = Number(RELAYED.exec(reply)?.[1] ?? Number.NaN);
    if (!Number.isNaN(status)) throw new VenueFault(`Teams answered ${status} behind its connector`, { status, retryable: status === 429 || status >= 500, countsForBreaker: status >= 500 });
  },
  errorCode(body: unknown) {
    const code = (body as { error?: { code?: unknown } } | null)?.error?.code;
    return typeof code === 'string' && /^[A-Za-z]{3,60}$/.test(code) ? code : null;
  },
  meaning(_venueCode: string, status: number | null) {
    const message = status === null ? undefined : MEANINGS[status];
    return message === undefined ? null : { reaction: 'give_up' as const, message };
  },
});

export const createTeamsChannel = (settings: HookSettings): MessageChannel => hookChannel(TEAMS, settings);
