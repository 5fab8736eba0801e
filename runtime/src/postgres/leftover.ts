import { readdir, readFile, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Deals with the postmaster.pid that a killed predecessor left. `data` is a real path.
 *
 * - its process is gone: PostgreSQL clears the file itself, after it has checked by the shared memory named in it that
 *   no orphaned backend still writes. The file is that check, so it stays;
 * - its process is a server over this very data: whoever started it was killed (our caller holds the lock of the state
 *   folder), so it is stopped, fast, with its buffers written;
 * - the number now belongs to another program: PostgreSQL would refuse to start, so the file is removed, once no
 *   process works in the data folder any more.
 * @throws Error when a server over this data does not end within `timeoutMs`.
 */
export async function clearLeftover(
  data: string,
  timeoutMs: number,
): Promise<'none' | 'stale file' | 'stopped'> {
  const file = join(data, 'postmaster.pid');
  const pid = Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10);
  if (!Number.isInteger(pid) || !isAlive(pid)) return 'none';
  const before = await processesIn(data, pid);
  if (before.includes(pid)) process.kill(pid, 'SIGINT');
  const deadline = performance.now() + timeoutMs;
  for (let left = before; left.length > 0; left = await processesIn(data, pid)) {
    if (performance.now() > deadline) {
      throw new Error(
        `a PostgreSQL server (process ${left[0]}) runs over ${data} and does not stop: stop it first.`,
      );
    }
    await new Promise((wake) => setTimeout(wake, 50));
  }
  if (before.includes(pid)) return 'stopped';
  await rm(file, { force: true });
  return 'stale file';
}

/** EPERM means that it is alive and somebody else's. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Every process of a server works in its data folder, which tells it from a reused process number. */
async function processesIn(data: string, postmaster: number): Promise<number[]> {
  if (process.platform !== 'linux') return isAlive(postmaster) ? [postmaster] : [];
  const found = (await readdir('/proc')).map(Number).filter((pid) => Number.isInteger(pid));
  const folders = await Promise.all(found.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => undefined)));
  return found.filter((_, index) => folders[index] === data);
}
