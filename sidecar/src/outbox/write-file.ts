import { dirname } from 'node:path';
import type { Disk } from './disk.ts';
import { unfinished } from './folder.ts';

/** Replaces a whole file so that a crash leaves the old one or the new one, and the new one for good once this resolves. */
export async function replaceFile(disk: Disk, path: string, bytes: Buffer): Promise<void> {
  const draft = unfinished(path);
  await disk.unlink(draft);
  const file = await disk.open(draft, 'update');
  try {
    await file.write(bytes, bytes.length, 0);
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.rename(draft, path);
  await disk.syncDir(dirname(path));
}
