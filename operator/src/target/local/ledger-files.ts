import { mkdir, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { NO_REPAIRS } from '../../remedy/budget.ts';
import type { LedgerStore, Stored } from '../../remedy/ledger.ts';
import { readText, writeJson } from './json-file.ts';

const entrySchema = z.strictObject({
  holder: z.string(),
  until: z.number(),
  attempts: z.array(z.strictObject({ at: z.number(), ok: z.boolean().nullable() })),
});

/** A write takes milliseconds; whoever holds the lock for longer has died. */
const DEAD_LOCK_MS = 10_000;

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
    await (await open(lock, 'wx', 0o600)).close();
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
  }
  const made = await stat(lock).catch(() => undefined);
  if (made !== undefined && Date.now() - made.mtimeMs > DEAD_LOCK_MS) await rm(lock, { force: true });
  return false;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
