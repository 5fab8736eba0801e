import { mkdir, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { attemptSchema } from '../../remedy/attempt-schema.ts';
import { NO_REPAIRS } from '../../remedy/budget.ts';
import type { LedgerStore, Stored } from '../../remedy/ledger.ts';
import { readText, writeJson } from './json-file.ts';

const entrySchema = z.strictObject({
  holder: z.string(),
  until: z.number(),
  attempts: z.array(attemptSchema),
});

/** Between making a lock and writing into it whose it is lie microseconds; one that names nobody is left behind. */
const NAMELESS_MS = 10_000;
/** A busy disk makes a write last for many seconds, never for so long; the number of a process is given again some day. */
const DEAD_LOCK_MS = 300_000;

/** @param folder `<state>/repairs`: a file for each app. The text that was read is its version. */
export function ledgerFiles(folder: string): LedgerStore {
  const path = (label: string) => join(folder, `${label}.json`);
  const read = async (label: string): Promise<Stored> => {
    const version = await readText(path(label));
    if (version === undefined) return { entry: NO_REPAIRS, version };
    const entry = entrySchema.safeParse(parsed(version));
    // What nobody can read holds nobody up; its attempts are lost with it.
    return { entry: entry.success ? entry.data : NO_REPAIRS, version };
  };
  return {
    read,
    write: (label, entry, before) =>
      locked(folder, label, async () => {
        if ((await readText(path(label))) !== before.version) return false;
        await writeJson(path(label), entry);
        return true;
      }),
  };
}

async function locked<T>(folder: string, label: string, work: () => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lock = join(folder, `${label}.lock`);
  while (!(await taken(lock))) await pause(20);
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function taken(lock: string): Promise<boolean> {
  try {
    const file = await open(lock, 'wx', 0o600);
    try {
      await file.writeFile(String(process.pid));
    } finally {
      await file.close();
    }
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
  }
  if (await isLeftBehind(lock)) await rm(lock, { force: true });
  return false;
}

async function isLeftBehind(lock: string): Promise<boolean> {
  const [made, owner] = [await stat(lock).catch(() => undefined), await readText(lock)];
  if (made === undefined || owner === undefined) return false;
  const ageMs = Date.now() - made.mtimeMs;
  if (!/^[1-9]\d*$/u.test(owner)) return ageMs > NAMELESS_MS;
  return ageMs > DEAD_LOCK_MS || !isAlive(Number(owner));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (cause) {
    // EPERM: it lives, under another user.
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
