export { CodedError, defineErrors, errorCatalogue, isCodedError } from './coded-error.ts';
export type { ErrorFactory, ErrorOccurrence, ErrorSpec } from './coded-error.ts';
export { common } from './common.ts';
