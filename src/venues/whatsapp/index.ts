/** WhatsApp Cloud API: the client, the channel over it, its webhooks, and the twin that stands in for all of it. */
export { whatsAppChannel, type TemplateSettings } from './channel.ts';
export { createWhatsAppClient, type TemplateMessage, type WhatsAppClient, type WhatsAppSettings } from './client.ts';
export { createWhatsAppWebhook, type WebhookSettings } from './webhook.ts';
export { ALERT_TEMPLATE, ALERT_TEMPLATES, TEMPLATE_LANGUAGES } from './templates.ts';
export { startWhatsAppTwin, type WhatsAppTwin, type WhatsAppTwinOptions } from './twin.ts';
export type { TwinMessage } from './twin-journal.ts';
export type { TwinScriptInput } from './twin-script.ts';
export type { TwinTemplate } from './twin-send.ts';
