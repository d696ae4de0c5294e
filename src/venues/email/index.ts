/** E-mail over SMTP: the channel, and a server that stands in for one. */
export { createEmailChannel, type EmailChannelSettings } from './channel.ts';
export { isMailAddress, readSender } from './compose.ts';
export { readSmtpUrl, SMTP_URL_FORM } from './smtp-url.ts';
export { startEmailTwin, type EmailTwin, type EmailTwinOptions, type TwinMail } from './twin.ts';
