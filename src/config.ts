/** The environment that Bellwether reads: every variable, its form, its default and what it is for. */
import { z } from 'zod';
import { parseContact } from './flow/alerts/index.ts';
import { choice, flag, loadConfig, secret, whole, type LoadedConfig } from './kernel/config/index.ts';
import { addressList } from './kernel/http/index.ts';
import { parseNewsFeeds } from './venues/news/news-feeds.ts';

const url = (schemes: RegExp, example: string) => z.string().refine((text) => URL.canParse(text) && schemes.test(text), { message: `expected an address such as ${example}` });
const port = (fallback: number, about: string) => whole(0, 65_535).default(fallback).describe(about);
const networks = (about: string) =>
  z
    .string()
    .refine((text) => isAddressList(text), { message: 'expected addresses or networks with commas between, such as 127.0.0.1, 10.0.0.0/8' })
    .optional()
    .describe(about);

function isAddressList(text: string): boolean {
  try {
    addressList(text.split(',').map((part) => part.trim()).filter((part) => part !== ''));
    return true;
  } catch {
    return false;
  }
}

const http = (fallback: string, about: string) => url(/^https?:\/\//, fallback).default(fallback).describe(about);

export const environment = z.object({
  DATABASE_URL: secret(url(/^postgres(ql)?:\/\//, 'postgres://user:password@host:5432/bellwether').optional().describe('Postgres 15 or newer; without it one runs here, from npm, under BELLWETHER_HOME')),
  DATABASE_DIRECT_URL: secret(url(/^postgres(ql)?:\/\//, 'postgres://user:password@host:5432/bellwether').optional().describe('The same database past PgBouncer, for the queue, LISTEN and locks; default DATABASE_URL')),
  DATABASE_POOL_MAX: whole(2, 500).default(20).describe('Most connections that one process opens'),
  REDIS_URL: secret(url(/^rediss?:\/\//, 'redis://127.0.0.1:6379').optional().describe('A cache and shared quotas; without it both are in this process or in Postgres')),
  BELLWETHER_HOME: z.string().default('.bellwether').describe('Folder of the embedded database and of the twins\' journals'),
  DISK_FREE_MIN_MB: whole(0, 10_000_000)
    .default(256)
    .describe('Below this free space in BELLWETHER_HOME, in MB, health is degraded; 0 turns this limit off'),
  HOST: z.string().default('127.0.0.1').describe('Address to listen on; 0.0.0.0 opens it to the network'),
  PORT: port(8000, 'API, WebSocket and console'),
  GATE_PORT: port(3001, 'Rate gate; 0 turns its own port off'),
  TRACE_PORT: port(3000, 'Trace viewer; 0 turns it off'),
  OPEN_BROWSER: flag().default(true).describe('false: npm start prints the sign-in link and opens no browser'),
  PUBLIC_URL: url(/^https?:\/\//, 'https://desk.company.com').optional().describe('Where people reach the console: for the link in messages and in sign-in links; its host is allowed'),
  LOG_LEVEL: choice(['debug', 'info', 'warn', 'error', 'silent'])
    .optional()
    .describe('Least level that is written: debug, info, warn, error or silent, in any case; default info, on a terminal warn'),
  LOG_FORMAT: choice(['json', 'logfmt', 'pretty'])
    .optional()
    .describe('json, logfmt or pretty, in any case; default pretty on a terminal, else json'),
  JWT_SECRET_KEY: secret(z.string().min(32, { message: 'expected at least 32 characters' }).optional().describe('Signs access tokens; made once and kept in the database when absent')),
  RATE_LIMIT_GLOBAL: whole(1, 10_000_000).default(60_000).describe('Requests a minute over all callers'),
  RATE_LIMIT_PER_CALLER: whole(1, 10_000_000).default(12_000).describe('Requests a minute of one caller'),
  ADMIN_WHITELIST_IPS: networks('Addresses or CIDR blocks, with commas, from which admin routes answer; default all'),
  TRUST_PROXY: networks('Addresses or CIDR blocks, with commas, of proxies whose X-Forwarded-For is believed; default none'),
  ALLOWED_HOSTS: z.string().optional().describe('Further names that clients use for this desk (Host), with commas, such as desk.company.com; * for any. Private names, addresses and the host of PUBLIC_URL are always taken'),
  ADMIN_LOOPBACK: flag().optional().describe('true: programs of this machine may read operational data without a token; default true with the embedded database, else false'),
  ENABLE_CACHING: flag().default(true).describe('false: every read goes to Postgres'),
  ENABLE_TRACING: flag().default(true).describe('false: no spans are kept; requests still have trace ids'),
  OTEL_EXPORTER_OTLP_ENDPOINT: url(/^https?:\/\//, 'http://127.0.0.1:4318').optional().describe('Where spans are also sent, as OTLP over HTTP'),
  WORKER_CONCURRENCY: whole(1, 100).default(8).describe('Jobs that one process runs at a time'),
  POLYMARKET_GAMMA_URL: http('https://gamma-api.polymarket.com', 'Polymarket discovery'),
  POLYMARKET_CLOB_URL: http('https://clob.polymarket.com', 'Polymarket prices'),
  POLYMARKET_WS_URL: url(/^wss?:\/\//, 'wss://ws-subscriptions-clob.polymarket.com/ws/market').default('wss://ws-subscriptions-clob.polymarket.com/ws/market').describe('Polymarket moves of prices as they happen'),
  GDELT_URL: http('https://api.gdeltproject.org', 'GDELT, the search of news articles'),
  NEWS_FEEDS: z.string().refine((text) => parseNewsFeeds(text) !== null, { message: 'expected up to 50 name=address with commas between, such as usn=https://host/feed.xml: names in lower case, digits and hyphens, each once' }).optional().describe('News feeds (RSS or Atom) as name=address, with commas between; default none'),
  PORTWATCH_URL: http('https://services9.arcgis.com/weJ1QsnbMYJlCHdG/arcgis/rest/services', 'IMF PortWatch'),
  SCFI_URL: http('https://en.sse.net.cn', 'Shanghai Containerized Freight Index'),
  FREIGHTOS_URL: url(/^https?:\/\//, 'https://ship.freightos.com').optional().describe('Public freight calculator, https://ship.freightos.com; without it no estimates come from there'),
  FREIGHT_CSV: z.string().optional().describe('Path of a CSV file of a subscribed freight index, read at each sweep'),
  FREIGHT_CSV_URL: http('https://www.drewry.co.uk', 'Page of the index in FREIGHT_CSV, told as its source'),
  AISSTREAM_API_KEY: secret(z.string().min(1).optional().describe('Key of aisstream.io; without it no vessel positions come from there')),
  AISSTREAM_URL: url(/^wss?:\/\//, 'wss://stream.aisstream.io/v0/stream').default('wss://stream.aisstream.io/v0/stream').describe('aisstream, live positions of vessels'),
  AIS_NMEA: url(/^(udp|tcp):\/\/(\[[\da-f:.]+\]|[^/:[\]]+):\d{1,5}\/?$|^file:\/\/\/./i, 'udp://0.0.0.0:10110, tcp://host:port or file:///path').optional().describe('Raw NMEA of an own AIS receiver: udp://0.0.0.0:10110 listens, tcp://host:port connects, file:///path is read once'),
  WHATSAPP_API_URL: http('https://graph.facebook.com', 'WhatsApp Cloud API'),
  WHATSAPP_API_VERSION: z.string().regex(/^v\d+\.\d+$/, { message: 'expected a version such as v23.0' }).default('v23.0').describe('Version of the Cloud API'),
  WHATSAPP_PHONE_ID: z.string().regex(/^\d+$/, { message: 'expected digits' }).optional().describe('Phone number ID of the sender, from the WhatsApp manager'),
  WHATSAPP_TOKEN: secret(z.string().optional().describe('Access token of the WhatsApp Cloud API')),
  WHATSAPP_APP_SECRET: secret(z.string().optional().describe('Signs the webhooks that WhatsApp sends')),
  WHATSAPP_VERIFY_TOKEN: secret(z.string().optional().describe('Word of your choice that WhatsApp repeats when it checks the webhook')),
  WHATSAPP_TEMPLATE: z.string().default('risk_decision').describe('Name of the approved message template'),
  SMTP_URL: secret(url(/^smtps?:\/\//, 'smtps://user:password@mail.example.com:465').optional().describe('Mail server, as smtps://user:password@host:465 or smtp://user:password@host:587 (STARTTLS required, but on this machine)')),
  EMAIL_FROM: z.string().optional().describe('Sender of mails: an address, or Name <address>'),
  WEBHOOK_SECRET: secret(z.string().min(32, { message: 'expected at least 32 characters' }).optional().describe('From which the signing secret of each customer webhook is derived; without it that channel is off')),
  WEBHOOK_ALLOW_PRIVATE: flag().default(false).describe('true: customer webhooks (Slack, Teams and their own) may be http and in private networks, this machine included'),
  TELEGRAM_API_URL: http('https://api.telegram.org', 'Telegram Bot API'),
  TELEGRAM_BOT_TOKEN: secret(z.string().regex(/^\d+:[\w-]{20,}$/, { message: 'expected a token such as 123456:ABC…' }).optional().describe('Token of the Telegram bot, from @BotFather')),
  TELEGRAM_WEBHOOK_SECRET: secret(z.string().regex(/^[\w-]{1,256}$/, { message: 'expected 1 to 256 letters, digits, _ or -' }).optional().describe('Word of your choice that Telegram repeats in each update; given to setWebhook')),
  OPERATOR_ALERTS: secret(z.string().refine((text) => parseContact(text) !== null, { message: 'expected channel:address, such as email:ops@company.com or slack:https://hooks.slack.com/services/…' }).optional().describe('Whom to tell when a customer could not be told or asks for a call: channel:address')),
});

export type Config = z.output<typeof environment>;

/** @throws CodedError CONFIG_INVALID */
export const readConfig = (env: NodeJS.ProcessEnv, envFile?: string): LoadedConfig<Config> => loadConfig(environment, env, envFile);
