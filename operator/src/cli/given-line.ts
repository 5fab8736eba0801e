import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { UsageError } from '../target/local/overrides.ts';

/**
 * What speaks of a person, as an argument or as the only line of a file (- is stdin), so that it does not stay in the
 * history of a shell. @throws UsageError when there is none, or two; it never repeats what was given.
 */
export async function givenLine(
  argument: string | undefined,
  file: string | undefined,
  needed: string,
): Promise<string> {
  if ((argument === undefined) === (file === undefined)) throw new UsageError(`${needed}, or --from-file`);
  if (file === undefined) return argument ?? '';
  const given = (file === '-' ? await text(process.stdin) : await readFile(file, 'utf8')).trim();
  if (given === '' || given.includes('\n')) throw new UsageError('--from-file: one line and nothing else');
  return given;
}
