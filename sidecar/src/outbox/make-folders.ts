import { dirname } from 'node:path';
import type { Disk } from './disk.ts';
import type { Folder } from './folder.ts';

/** Of a folder that is not ours: we may not open it, or its file system cannot sync a folder. Then we did not make it either. */
const NOT_OURS_TO_SYNC = new Set(['EACCES', 'EPERM', 'EROFS', 'EINVAL', 'ENOTSUP']);

/**
 * Makes the folders of an outbox; syncNames makes them durable in it. The outbox itself is a name in the folder above, and
 * so on: all of those are synced at each start, because a crash may have come between making one and syncing its name.
 */
export async function makeFolders(disk: Disk, folder: Folder): Promise<void> {
  for (const path of [folder.root, folder.segments, folder.settled, folder.dead, folder.quarantine]) {
    await disk.mkdir(path);
  }
  for (let path = folder.root; path !== dirname(path); path = dirname(path)) {
    await disk.syncDir(dirname(path)).catch((error: NodeJS.ErrnoException) => {
      if (!NOT_OURS_TO_SYNC.has(error.code ?? '')) throw error;
    });
  }
}

/**
 * The folders are names, too. And a process that was killed may have left names in the page cache only: a dead letter, a ledger. Whoever acts on them, by
 * dropping the segment of that letter for instance, must have made them durable first. Call it with the lock taken.
 */
export async function syncNames(disk: Disk, folder: Folder): Promise<void> {
  for (const path of [folder.root, folder.segments, folder.settled, folder.dead]) await disk.syncDir(path);
}
