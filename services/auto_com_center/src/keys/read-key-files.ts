import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ringEntrySchema } from '@scholar/contract';
import { type KeyMemory, KeyRing, type RingKey } from './key-ring.ts';

/** A file of the ring that cannot be used, and why. Never its content. */
export type BadKeyFile = { file: string; reason: string };
export type KeyFiles = { ring: KeyRing; bad: BadKeyFile[] /** Equal for equal contents. */; content: string };

/** An entry is < 1 KiB; whatever is larger is not one. */
const MAX_FILE_BYTES = 16_384;

/**
 * Reads `<dir>/<id>.json`. One bad file is a finding and takes no other key with it.
 * @param memory what earlier rings learned and counted.
 * @throws when the folder itself cannot be read.
 */
export async function readKeyFiles(dir: string, memory?: KeyMemory): Promise<KeyFiles> {
  const names = (await readdir(dir)).filter((name) => name.endsWith('.json') && !name.startsWith('.')).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(dir, name), 'utf8').catch(unreadable)));
  return { ...judgeKeyFiles(names, texts, memory), content: JSON.stringify([names, texts]) };
}

/** Pure part: file names and their texts (or why there is none) to a ring and the bad files. */
export function judgeKeyFiles(
  names: readonly string[],
  texts: readonly (string | { unreadable: string })[],
  memory?: KeyMemory,
): { ring: KeyRing; bad: BadKeyFile[] } {
  const keys: RingKey[] = [];
  const bad: BadKeyFile[] = [];
  const seen = new Map<string, string>();
  for (const [index, file] of names.entries()) {
    const parsed = parseKeyFile(file, texts[index] ?? { unreadable: 'it is gone' });
    if (typeof parsed === 'string') {
      bad.push({ file, reason: parsed });
      continue;
    }
    const twin = seen.get(parsed.sha256);
    if (twin !== undefined) bad.push({ file, reason: `it holds the same key as ${twin}, which is used` });
    else keys.push(parsed);
    seen.set(parsed.sha256, twin ?? file);
  }
  return { ring: new KeyRing(keys, memory), bad };
}

function parseKeyFile(file: string, text: string | { unreadable: string }): RingKey | string {
  if (typeof text !== 'string') return text.unreadable;
  if (text.length > MAX_FILE_BYTES) return `it is larger than ${MAX_FILE_BYTES} bytes`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  const parsed = ringEntrySchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return `${issue?.path.join('.') || 'the entry'}: ${issue?.message ?? 'it is malformed'}`;
  }
  const { not_after } = parsed.data;
  if (not_after !== null && Number.isNaN(Date.parse(not_after))) return 'not_after: it is not a date';
  return { ...parsed.data, sha256: parsed.data.sha256.toLowerCase(), id: basename(file, '.json') };
}

function unreadable(error: unknown): { unreadable: string } {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'error';
  return { unreadable: `it cannot be read (${code})` };
}
