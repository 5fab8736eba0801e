import { createHash } from 'node:crypto';

/** Bytes of each digest in the list: enough that of 25 million other passwords one is taken for one of the list. */
const DIGEST_BYTES = 5;

/** Tells whether a password stands in lists of leaked passwords, in whatever case its letters are. */
export type IsLeaked = (password: string) => boolean;

/**
 * @param digests those of the list, sorted, as {@link packDigests} writes them.
 * @throws Error when they are no such list.
 */
export function createLeakedPasswords(digests: Buffer): IsLeaked {
  if (digests.length === 0 || digests.length % DIGEST_BYTES !== 0)
    throw new Error(
      'the list of leaked passwords is no list of digests: make it anew (make leaked-passwords)',
    );
  const at = (index: number) => digests.subarray(index * DIGEST_BYTES, (index + 1) * DIGEST_BYTES);
  return (password) => {
    const wanted = digestOf(password);
    let low = 0;
    let high = digests.length / DIGEST_BYTES;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = at(middle).compare(wanted);
      if (order === 0) return true;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return false;
  };
}

/** The file of a list: each digest once, sorted. It holds no password, and none can be read from it. */
export function packDigests(passwords: readonly string[]): Buffer {
  const unique = new Set(passwords.map((password) => digestOf(password).toString('hex')));
  return Buffer.concat([...unique].sort().map((hex) => Buffer.from(hex, 'hex')));
}

/** Attackers try a known password in other cases, too; the normal form is that of the hasher. */
function digestOf(password: string): Buffer {
  const text = password.normalize('NFKC').toLowerCase();
  return createHash('sha256').update(text).digest().subarray(0, DIGEST_BYTES);
}
