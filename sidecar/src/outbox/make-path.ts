import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Creates a folder and its parents; existing ones are fine. Node's own `recursive` asks the same again without end where a
 * file system that makes no folders (/proc) answers ENOENT under a parent that exists.
 * @throws Error with the `code` of the disk, saying which folder cannot be made.
 */
export async function makePath(
  path: string,
  make: (path: string) => Promise<unknown> = makeOne,
): Promise<void> {
  try {
    if (await isMade(path, make)) return;
    const parent = dirname(path);
    if (parent !== path) await makePath(parent, make);
    if (await isMade(path, make)) return;
  } catch (cause) {
    if (cause instanceof CannotMake) throw cause;
    throw new CannotMake(path, cause);
  }
  throw new CannotMake(path, Object.assign(new Error('no such folder'), { code: 'ENOENT' }));
}

/** The folder of an outbox is not there, and the disk does not make it. */
class CannotMake extends Error {
  readonly code: string;

  constructor(path: string, cause: unknown) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    super(
      `the folder ${path} cannot be made (${code}): the outbox needs a folder that this process may write to`,
      { cause },
    );
    this.name = 'CannotMake';
    this.code = code;
  }
}

/** @returns false when a parent is missing. */
async function isMade(path: string, make: (path: string) => Promise<unknown>): Promise<boolean> {
  try {
    await make(path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return false;
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return true;
    throw error;
  }
}

function makeOne(path: string): Promise<void> {
  return mkdir(path, { mode: 0o700 });
}
