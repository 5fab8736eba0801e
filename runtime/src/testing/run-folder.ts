import { chmod, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { processEnv } from '../config/env.ts';

/**
 * The folder of this test run, made by test/jest/global-setup.ts and removed with everything in it by
 * global-teardown.ts. Others may pass through it (0711), since as root the database runs as another user.
 */
export function runFolder(): string {
  const folder = processEnv()['SCHOLAR_TEST_RUN'];
  if (folder) return folder;
  throw new Error(
    'SCHOLAR_TEST_RUN is not set: run the tests through Jest, whose global set-up makes the folder.',
  );
}

/**
 * An empty folder of its own, removed at the end of the run. Passable like its parent, so that a database in it keeps
 * all its files in it.
 */
export async function tempDir(name = 'dir'): Promise<string> {
  const folder = await mkdtemp(join(runFolder(), `${name}-`));
  await chmod(folder, 0o711);
  return folder;
}
