/** What the channels that send share: how a failed call is told, the mark of a message, the words around it. No protocol is here. */
export { outcomeOf, type FailedCall, type SendingVenue } from './outcome.ts';
export { parseReceived } from './received.ts';
export { stableMark } from './mark.ts';
export { cut, escapeHtml, oneLine, paragraphs, webLink } from './text.ts';
export { frameWords, type FrameWords } from './words.ts';
