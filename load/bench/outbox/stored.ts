import { join } from 'node:path';
import { runToEnd, SOURCE_FLAGS } from '../launch.ts';
import { readIds } from '../read-ids.ts';

const ENTRY = join(import.meta.dirname, '../../../sidecar/bench/stored-ids.ts');

/** The ids in a store of ours or of an engine behind our server, read by a process of its own that opens the store anew. */
export async function storedIn(o: {
  engine: string;
  folder: string;
  modules?: string;
}): Promise<Set<string>> {
  const file = `${o.folder}.stored`;
  const args = [...SOURCE_FLAGS, ENTRY, o.engine, o.folder, file, o.modules ?? ''];
  await runToEnd({ file: process.execPath, args }, 120_000);
  return readIds(file);
}
