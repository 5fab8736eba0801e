import { commonPayload, eventBody } from './envelope.ts';

/** A1: somebody signed up, or A7's lead became a user. The e-mail travels as `email_hash` only. */
export const newUser = eventBody('NewUser', commonPayload);
