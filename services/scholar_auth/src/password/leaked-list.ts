import { readFileSync } from 'node:fs';
import { createLeakedPasswords } from './leaked-passwords.ts';

/** The list that this release brings: `make leaked-passwords` wrote it. Read once, with the process. */
export const isLeaked = createLeakedPasswords(
  // The same place seen from src and from dist.
  readFileSync(new URL('../../assets/leaked-passwords.bin', import.meta.url)),
);
