import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../target/local/overrides.ts';

/** Where the caller's own values come from. Never from arguments: every user of a machine can read those. */
export interface GivenSources {
  /** `NAME=value` lines; `-` is stdin. */
  envFile?: string | undefined;
  /** A folder with one file for each value, named as it. */
  folder?: string | undefined;
}

/**
 * Reads the values that only the owner has, by grant id such as `scholar_auth.DATABASE_URL`.
 * @param stdin reads all of it; used for `-`.
 * @throws UsageError for lines and values that cannot be meant; the message never holds a value.
 */
export async function readGivenValues(
  { envFile, folder }: GivenSources,
  stdin: () => Promise<string>,
): Promise<Record<string, string>> {
  const inFile = envFile === undefined ? {} : parseLines(await textOf(envFile, stdin), envFile);
  const inFolder = folder === undefined ? {} : await readFolder(folder);
  const twice = Object.keys(inFile).filter((id) => id in inFolder);
  if (twice.length > 0) throw new UsageError(`${twice.join(', ')}: given in the file and in the folder.`);
  const given = { ...inFile, ...inFolder };
  for (const [id, value] of Object.entries(given)) checkValue(id, value);
  return given;
}

async function textOf(file: string, stdin: () => Promise<string>): Promise<string> {
  return file === '-' ? stdin() : read(file);
}

/** Pure. Empty lines and lines that begin with # are left out; a value is taken as it stands, quotes included. */
function parseLines(text: string, source: string): Record<string, string> {
  const given: Record<string, string> = {};
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    if (raw.trim() === '' || raw.trimStart().startsWith('#')) continue;
    const [, id, value] = /^\s*([A-Za-z0-9_.]+)=(.*)$/.exec(raw) ?? [];
    if (id === undefined || value === undefined)
      throw new UsageError(`${source}, line ${index + 1}: expected NAME=value.`);
    if (id in given) throw new UsageError(`${source}, line ${index + 1}: ${id} stands there twice.`);
    given[id] = value;
  }
  return given;
}

async function readFolder(folder: string): Promise<Record<string, string>> {
  const names = await readdir(folder).catch(() => {
    throw new UsageError(`--secrets: ${folder} is no folder that can be read.`);
  });
  // Hidden names are what Kubernetes and editors leave behind.
  const files = names.filter((name) => !name.startsWith('.'));
  const entries = files.map(async (name) => [name, (await read(join(folder, name))).replace(/\r?\n$/, '')]);
  return Object.fromEntries(await Promise.all(entries));
}

async function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => {
    throw new UsageError(`${path} cannot be read.`);
  });
}

/** Contract, "Keys": a key has at least 32 random bytes, 43 characters of base64url. */
const SHORTEST_KEY = 43;

function checkValue(id: string, value: string): void {
  const name = id.split('.').at(-1) ?? id;
  if (value === '' || /[\r\n]/.test(value))
    throw new UsageError(`${id}: expected one line that is not empty.`);
  if (name === 'DATABASE_URL') checkDatabaseUrl(id, value);
  else if (name === 'SMTP_URL') checkSmtpUrl(id, value);
  else if (name.startsWith('STRIPE_')) checkStripe(id, name, value);
  else if (keysOf(name, value).some((key) => key.length < SHORTEST_KEY))
    throw new UsageError(`${id}: expected at least 32 random bytes, which are ${SHORTEST_KEY} characters.`);
}

/** The new key and the old one, while the one that seals A1's signing keys is changed. */
function keysOf(name: string, value: string): string[] {
  return name === 'KEY_ENCRYPTION_KEY' ? value.split(',') : [value];
}

function checkSmtpUrl(id: string, url: string): void {
  if (URL.canParse(url) && /^smtps?:$/.test(new URL(url).protocol)) return;
  throw new UsageError(`${id}: expected smtp://user:password@host:587 or smtps://….`);
}

function checkDatabaseUrl(id: string, url: string): void {
  if (URL.canParse(url) && /^postgres(ql)?:$/.test(new URL(url).protocol)) return;
  throw new UsageError(`${id}: expected postgresql://user:password@host:port/database?….`);
}

function checkStripe(id: string, name: string, value: string): void {
  const shape = name === 'STRIPE_WEBHOOK_SECRET' ? /^whsec_\S+$/ : /^[rs]k_\S+$/;
  if (!shape.test(value))
    throw new UsageError(`${id}: expected ${name === 'STRIPE_WEBHOOK_SECRET' ? 'whsec_…' : 'sk_… or rk_…'}.`);
}
