import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Makes an id with a prefix, as `evt_3Jx…`. A parameter of everything that creates objects. */
export type NewId = (prefix: string, length?: number) => string;

/** Random ids in the form of Stripe's: prefix, then `length` characters of base 62 (the small bias of the modulo does not matter here). */
export const randomId: NewId = (prefix, length = 24) =>
  prefix + Array.from(randomBytes(length), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
