import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { dataVersion } from './binaries.ts';
import { giveTo } from './home.ts';
import { run } from './run.ts';
import type { RunAs } from './run-as.ts';

/** Server settings by their PostgreSQL names. */
export type ServerSettings = Record<string, string | number>;

export type InitializeInput = { data: string; bin: string; major: number; password: string; who: RunAs };

const SETTINGS_FILE = 'scholar.conf';

/**
 * Makes the cluster unless it is there: superuser `postgres` with a SCRAM password, UTF-8, data checksums.
 * initdb writes into a temporary folder that is renamed at the end, so that a kill half-way leaves no half cluster.
 * @throws Error when the data was made by another major version.
 */
export async function initializeData(input: InitializeInput): Promise<void> {
  const existing = await dataVersion(input.data);
  if (existing === input.major) return;
  if (existing !== undefined) {
    throw new Error(
      `the data in ${input.data} was made by PostgreSQL ${existing}, but the programs here are PostgreSQL ${input.major}. ` +
        `Use PostgreSQL ${existing}, or dump and restore; the data was not touched.`,
    );
  }
  if (await stat(join(input.data, 'base')).catch(() => undefined)) {
    throw new Error(
      `${input.data} holds a damaged cluster (PG_VERSION is missing): restore it from a backup.`,
    );
  }
  const partial = `${input.data}.partial`;
  const passwordFile = `${input.data}.password`;
  try {
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial, { mode: 0o700 });
    await giveTo(partial, input.who);
    await rm(passwordFile, { force: true });
    await writeFile(passwordFile, input.password, { mode: 0o600, flag: 'wx' });
    await giveTo(passwordFile, input.who);
    await initdb(input, partial, passwordFile);
    await rm(input.data, { recursive: true, force: true });
    await rename(partial, input.data);
  } finally {
    await rm(passwordFile, { force: true });
    await rm(partial, { recursive: true, force: true });
  }
}

async function initdb(input: InitializeInput, data: string, passwordFile: string): Promise<void> {
  // The built-in C.UTF-8 (17 and later) sorts and folds the same on every machine; before that it is the libc's.
  const locale =
    input.major >= 17
      ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
      : ['--locale=C.UTF-8'];
  const args = [
    '--pgdata',
    data,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    ...locale,
    '--data-checksums',
  ];
  const ran = await run(join(input.bin, 'initdb'), args, input.who);
  if (ran.code !== 0) {
    const said = ran.stderr.trim().split('\n').slice(-5).join('\n');
    throw new Error(
      `initdb could not make the database in ${dirname(data)} (exit code ${ran.code}): ${said}`,
    );
  }
}

/** Writes our settings into a file of their own, included last, so that a person's postgresql.conf stays theirs. */
export async function writeSettings(data: string, settings: ServerSettings, who: RunAs): Promise<void> {
  const file = join(data, SETTINGS_FILE);
  const lines = Object.entries(settings).map(
    ([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'`,
  );
  await writeFile(
    file,
    `# written at each start; put your own settings into postgresql.conf\n${lines.join('\n')}\n`,
    {
      mode: 0o600,
    },
  );
  await giveTo(file, who);
  const main = join(data, 'postgresql.conf');
  const text = await readFile(main, 'utf8');
  const include = `include '${SETTINGS_FILE}'`;
  if (!text.includes(include)) await writeFile(main, `${text}\n${include}\n`);
}
