/** What a key must look like before a report may repeat it: a value that was pasted as a key stays unrepeated. */
const SPEAKABLE_KEY = /^[A-Za-z_$][A-Za-z0-9_$.-]{0,63}$/;
const LONG_NUMBER = /\d{7}/;

/** True for a key that can be repeated in a report: short, a name, and no place for a card number or an e-mail. */
export function isSpeakableKey(key: string): boolean {
  return SPEAKABLE_KEY.test(key) && !LONG_NUMBER.test(key);
}

/** A JSON pointer (RFC 6901): "~" is written "~0" and "/" is written "~1"; the whole document is "". */
export function jsonPointer(path: readonly PropertyKey[]): string {
  let pointer = '';
  for (const part of path) pointer += `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return pointer;
}
