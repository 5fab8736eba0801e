import type { Disk } from './disk.ts';

/** The bytes of a file that another step may remove at any moment; undefined when it is gone. @throws the disk's error */
export async function readIfThere(disk: Disk, path: string): Promise<Buffer | undefined> {
  try {
    return await disk.readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
