import { commonPayload, eventBody } from './envelope.ts';

/** Any app: a page or a catalogue entry was looked at. */
export const pageView = eventBody('PageView', commonPayload);
