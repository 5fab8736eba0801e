const SPEAKABLE_KEY = /^[\x21-\x3f\x41-\x7e]{1,64}$/;
const MANY_DIGITS = /(?:\d\D*){7}/;

/**
 * True for a key that a report may repeat: short, ASCII, no "@" and fewer than seven digits. A value that was pasted
 * as a key (a card number, an e-mail, a sentence) stays unrepeated.
 */
export function isSpeakableKey(key: string): boolean {
  return SPEAKABLE_KEY.test(key) && !MANY_DIGITS.test(key);
}

/** A JSON pointer (RFC 6901): "~" is written "~0" and "/" is written "~1"; the whole document is "". */
export function jsonPointer(path: readonly PropertyKey[]): string {
  let pointer = '';
  for (const part of path) pointer += `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return pointer;
}
