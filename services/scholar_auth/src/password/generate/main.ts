import { readFileSync, writeFileSync } from 'node:fs';
import { packDigests } from '../leaked-passwords.ts';
import { NEW_PASSWORD, passwordLength } from '../new-password.ts';

/**
 * Writes assets/leaked-passwords.bin out of a list with one password a line: those that are long enough to be chosen here.
 * `make leaked-passwords` fetches the list and calls this.
 */
const [list] = process.argv.slice(2);
if (list === undefined) {
  process.stderr.write('Say which list: main.ts FILE (one password a line)\n');
  process.exit(2);
}
const passwords = readFileSync(list, 'utf8')
  .split(/\r?\n/u)
  .filter((line) => passwordLength(line) >= NEW_PASSWORD.min && passwordLength(line) <= NEW_PASSWORD.max);
const packed = packDigests(passwords);
writeFileSync(new URL('../../../assets/leaked-passwords.bin', import.meta.url), packed);
process.stdout.write(`${passwords.length} passwords, ${packed.length} bytes\n`);
