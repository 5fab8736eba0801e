/**
 * Where a cluster's files lie.
 *
 * An ordinary user: the data in `dataDir` itself, the programs where npm put them.
 *
 * Root: PostgreSQL runs as another user, who may not be able to enter the folder of the clone or of the state
 * (/root is 0700). So root makes a home, 0711 and owned by root, in the first place that others can enter:
 *
 *     <home>/                0711 root      scholar-postgres-XXXXXX
 *     <home>/data            0700 postgres  `dataDir` is a symbolic link to it
 *     <home>/programs-18.4   postgres       a copy, only where the original cannot be executed by that user
 *
 * Recovery: the link is the only record. A link whose target is gone is an error, never a silent new cluster.
 */
import {
  chmod,
  chown,
  cp,
  lchown,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readlink,
  rename,
  rm,
  rmdir,
  stat,
  symlink,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { type Binaries, canExecute } from './binaries.ts';
import type { RunAs } from './run-as.ts';

const HOME_PREFIX = 'scholar-postgres-';

/** What `prepareHome` decided: the real data folder (may not exist yet) and the programs that may be executed. */
export type Home = { data: string; bin: string };

/** Makes sure that `who` can reach the data of `dataDir` and execute the programs. */
export async function prepareHome(dataDir: string, binaries: Binaries, who: RunAs): Promise<Home> {
  await mkdir(dirname(dataDir), { recursive: true });
  if (who.uid === undefined) {
    await refuseForeignFolder(dataDir);
    return { data: dataDir, bin: binaries.bin };
  }
  const home = (await linkedHome(dataDir)) ?? (await makeHome(dataDir));
  return { data: join(home, 'data'), bin: await executablePrograms(home, binaries, who) };
}

/** Removes a stopped cluster: `dataDir`, and the home behind it where it is a link. */
export async function removePostgres(dataDir: string): Promise<void> {
  const target = await readlink(dataDir).catch(() => undefined);
  if (target !== undefined) {
    const home = dirname(resolve(dirname(dataDir), target));
    if (basename(home).startsWith(HOME_PREFIX)) await rm(home, { recursive: true, force: true });
  }
  await rm(dataDir, { recursive: true, force: true });
}

async function refuseForeignFolder(dataDir: string): Promise<void> {
  const found = await stat(dataDir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new Error(
      `the database folder ${dataDir} cannot be entered (${error.code}): was it made as root?`,
      {
        cause: error,
      },
    );
  });
  if (found !== undefined && found.uid !== process.getuid?.()) {
    throw new Error(`the database folder ${dataDir} belongs to another user: run this command as that user.`);
  }
}

async function linkedHome(dataDir: string): Promise<string | undefined> {
  const found = await lstat(dataDir).catch(() => undefined);
  if (found === undefined) return undefined;
  if (!found.isSymbolicLink()) {
    await rmdir(dataDir).catch((cause: unknown) => {
      throw new Error(
        `the database folder ${dataDir} was made by an ordinary user: run this command as that user, not as root.`,
        { cause },
      );
    });
    return undefined;
  }
  const home = dirname(resolve(dirname(dataDir), await readlink(dataDir)));
  if (await stat(home).catch(() => undefined)) return home;
  throw new Error(
    `${dataDir} points into ${home}, which is gone: the data was removed from outside. ` +
      `Restore that folder, or remove the link to start with an empty database.`,
  );
}

async function makeHome(dataDir: string): Promise<string> {
  // Beside the state first, so that the data goes where its owner keeps it. /var/lib before /var/tmp, because
  // systemd-tmpfiles deletes what lies unread in /var/tmp for 30 days, and a database has such files.
  for (const parent of [dirname(resolve(dataDir)), '/var/lib', '/var/tmp', tmpdir()]) {
    if (!(await traversable(parent))) continue;
    const home = await mkdtemp(join(parent, HOME_PREFIX)).catch(() => undefined);
    if (home === undefined) continue;
    await chmod(home, 0o711);
    await symlink(join(home, 'data'), dataDir);
    return home;
  }
  throw new Error(
    'as root the database needs a folder that other users can enter: open /var/tmp (chmod 1777).',
  );
}

/** Whether every folder from the root down to `path` can be entered by users who do not own it. */
async function traversable(path: string): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    const found = await stat(folder).catch(() => undefined);
    if (found === undefined || (found.mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

async function executablePrograms(home: string, binaries: Binaries, who: RunAs): Promise<string> {
  if (await canExecute(binaries.bin, who)) return binaries.bin;
  const copy = join(home, `programs-${binaries.version}`);
  const bin = join(copy, basename(binaries.bin));
  if (!(await stat(copy).catch(() => undefined))) {
    // Through a temporary name: a copy that was cut short must not be taken for whole.
    const partial = `${copy}.partial`;
    await rm(partial, { recursive: true, force: true });
    await cp(binaries.home, partial, { recursive: true, verbatimSymlinks: true });
    await giveAllTo(partial, who);
    await rename(partial, copy);
  }
  if (await canExecute(bin, who)) return bin;
  throw new Error(
    `the user that PostgreSQL runs as (uid ${who.uid}) can execute it neither in ${binaries.bin} nor in ${bin}: ` +
      'is the file system mounted noexec?',
  );
}

/** A copy keeps its modes, and npm under umask 077 leaves files that only their owner can read. */
async function giveAllTo(folder: string, who: RunAs): Promise<void> {
  const { uid, gid } = who;
  if (uid === undefined || gid === undefined) return;
  await chown(folder, uid, gid);
  for (const name of await readdir(folder, { recursive: true })) await lchown(join(folder, name), uid, gid);
}

/** Hands a folder or file to the user that PostgreSQL runs as. */
export async function giveTo(path: string, who: RunAs): Promise<void> {
  if (who.uid !== undefined && who.gid !== undefined) await chown(path, who.uid, who.gid);
}
