import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Makes the folder of this test run, nothing more: PostgreSQL starts only when a test asks for a database
 * (runtime/src/testing/test-server.ts), so that pure tests stay instant. Imports node: modules alone, because Jest
 * loads it outside its own module system.
 */
export default async function setup(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'scholar-test-'));
  await chmod(folder, 0o711);
  await writeFile(join(folder, 'jest.pid'), String(process.pid));
  process.env['SCHOLAR_TEST_RUN'] = folder;
}
