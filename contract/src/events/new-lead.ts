import { commonPayload, eventBody } from './envelope.ts';

/** A7: somebody left an address on a landing page. */
export const newLead = eventBody('NewLead', commonPayload);
