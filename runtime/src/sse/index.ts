export { patiently } from './patiently.ts';
export { postForStream, type Streamed, UnexpectedStatus } from './post-for-stream.ts';
export { readMessages, type SseMessage, TooMuch } from './read-messages.ts';
export { beginMessages, formatMessage, SSE_MEDIA_TYPE, write } from './write.ts';
