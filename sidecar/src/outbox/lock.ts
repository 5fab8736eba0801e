import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Clock } from '@scholar/runtime/clock';
import type { LockOwner } from './api.ts';
import type { Disk } from './disk.ts';
import { OutboxLocked, OutboxTakenOver } from './errors.ts';
import type { Folder } from './folder.ts';

const procStat = (pid: number): string | undefined => {
  try {
    // Field 22, the start in clock ticks since boot; field 2 is a name that may hold blanks and brackets.
    return readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ')[19];
  } catch {
    return undefined;
  }
};

const bootId = (): string => {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return 'unknown';
  }
};

/** This process. */
export const thisProcess = (): LockOwner => ({
  pid: process.pid,
  startedAt: procStat(process.pid) ?? 'unknown',
  boot: bootId(),
  nonce: randomUUID(),
});

/** Does the process that wrote the lock still run? A pid that was given to another process does not count. */
export function isProcessAlive(owner: LockOwner): boolean {
  if (owner.boot !== bootId()) return false;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    // EPERM: it lives, under another user.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const started = procStat(owner.pid);
  return started === undefined || owner.startedAt === 'unknown' || started === owner.startedAt;
}

/** Who wrote the lock, or undefined when there is none or it cannot be read (a crash while it was written). */
export async function lockOwner(disk: Disk, folder: Folder): Promise<LockOwner | undefined> {
  try {
    const owner: LockOwner = JSON.parse((await disk.readFile(folder.lock)).toString());
    return typeof owner.pid === 'number' ? owner : undefined;
  } catch {
    return undefined;
  }
}

/** Between creating the lock and writing its line lie microseconds. */
const WRITING_MS = 50;

export interface LockRequest {
  disk: Disk;
  folder: Folder;
  clock: Clock;
  owner: LockOwner;
  isAlive: (owner: LockOwner) => boolean;
}

export interface Lock {
  /**
   * Resolves while nobody else has taken the folder. Processes of different pods do not see each other, so a pod that is
   * deleted by force may still append when the next one has opened the folder. Whoever takes a folder takes the lock
   * before it reads the segments. So a batch that was durable before this resolved was there to be read; one that was
   * not must not be acknowledged.
   * @throws OutboxTakenOver
   */
  stillOurs: () => Promise<void>;
  /** Gives the folder back, unless somebody else has it. */
  release: () => Promise<void>;
}

/**
 * Takes the folder for this process. A lock whose owner is dead is moved aside first: of two starters only one can move
 * it, and the other then finds a lock that it did not judge.
 * @throws OutboxLocked
 */
export async function takeLock(o: LockRequest): Promise<Lock> {
  const { disk, folder, owner, isAlive, clock } = o;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    if (await createLock(disk, folder.lock, owner)) return heldLock(o);
    let holder = await lockOwner(disk, folder);
    if (holder === undefined) {
      // Perhaps it is being written at this moment.
      await clock.sleep(WRITING_MS);
      holder = await lockOwner(disk, folder);
    }
    if (holder !== undefined && isAlive(holder)) throw new OutboxLocked(folder.root, `process ${holder.pid}`);
    await moveAside(o);
  }
  throw new OutboxLocked(folder.root, 'another process that started at the same moment');
}

async function heldLock({ disk, folder, owner }: LockRequest): Promise<Lock> {
  // A lock that is not there, or is being written, is nobody's yet: its taker reads the segments after this.
  const other = async (): Promise<boolean> => {
    const holder = await lockOwner(disk, folder);
    return holder !== undefined && !isSame(holder, owner);
  };
  const created = await disk.identity(folder.lock).catch(() => undefined);
  // Read after it was asked for: between creating the file and this, another may have taken the folder.
  const holder = await lockOwner(disk, folder);
  const own = holder !== undefined && isSame(holder, owner) ? created : undefined;
  return {
    stillOurs: async () => {
      // Whoever takes the folder moves our file away. As long as it is there, nobody has to read what is in it.
      const found = await disk.identity(folder.lock).catch(() => undefined);
      if (found !== undefined && found === own) return;
      if (await other()) throw new OutboxTakenOver(folder.root);
    },
    release: async () => {
      if (!(await other())) await disk.unlink(folder.lock);
    },
  };
}

function isSame(a: LockOwner, b: LockOwner): boolean {
  return a.pid === b.pid && a.startedAt === b.startedAt && a.boot === b.boot && a.nonce === b.nonce;
}

/** Removes a dead owner's lock; a living one that came in between is put back. */
async function moveAside({ disk, folder, owner, isAlive }: LockRequest): Promise<void> {
  const aside = `${folder.lock}.${owner.pid}.tmp`;
  try {
    await disk.rename(folder.lock, aside);
  } catch {
    return;
  }
  const moved = await lockOwner(disk, { ...folder, lock: aside });
  if (moved !== undefined && isAlive(moved)) {
    await disk.rename(aside, folder.lock);
    throw new OutboxLocked(folder.root, `process ${moved.pid}`);
  }
  await disk.unlink(aside);
}

async function createLock(disk: Disk, path: string, owner: LockOwner): Promise<boolean> {
  try {
    const file = await disk.open(path, 'create');
    const text = Buffer.from(`${JSON.stringify(owner)}\n`);
    try {
      await file.write(text, text.length, 0);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
