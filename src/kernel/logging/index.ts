export { createLogger, LOG_FORMATS, LOG_LEVELS } from './logger.ts';
export type { LogDestination, LogFormat, LoggerOptions, LogLevel } from './logger.ts';
export { isSecretName, redact } from './redact.ts';
export { silentLogger } from './types.ts';
export type { Fields, Logger } from './types.ts';
