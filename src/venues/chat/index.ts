/** Slack, Teams and a customer's own signed webhook: channels over an address, and one twin that stands in for all three. */
export type { HookSettings } from './hook.ts';
export { createSlackChannel } from './slack.ts';
export { createTeamsChannel } from './teams.ts';
export { createWebhookChannel, webhookSecret, type WebhookSettings } from './webhook.ts';
export { startChatTwin, type ChatTwin, type ChatTwinOptions, type TwinPost } from './twin.ts';
