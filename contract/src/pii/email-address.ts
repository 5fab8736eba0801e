/** A mailbox of RFC 5322 as people write it, with a host that ends in a top-level domain of letters. */
const MAILBOX = /[\p{L}\p{N}!#$%&'*+/=?^_`{|}~.-]@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,62})\.)+\p{L}{2,63}/u;

/** True when a text contains an e-mail address. `user@host` and `@name` are none: they have no top-level domain. */
export function hasEmailAddress(text: string): boolean {
  return text.includes('@') && MAILBOX.test(text);
}
