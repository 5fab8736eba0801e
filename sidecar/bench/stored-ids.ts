import { writeFileSync } from 'node:fs';
import { listOutbox } from '../src/outbox/index.ts';
import { lmdbIds } from './engines/lmdb.ts';
import { sqliteIds } from './engines/sqlite.ts';

/**
 * `stored-ids.ts ENGINE FOLDER FILE [MODULES]`: opens the store that a killed process left, in a process of its own, and
 * writes the id of every event in it to FILE, one a line.
 */
const [name = '', folder = '', file = '', modules = ''] = process.argv.slice(2);
writeFileSync(file, `${(await storedIds()).join('\n')}\n`);
process.exit(0);

async function storedIds(): Promise<string[]> {
  if (name === 'lmdb') return lmdbIds(folder, modules);
  if (name === 'sqlite') return sqliteIds(folder);
  if (name !== 'forwarder') throw new Error(`no engine is called ${name}`);
  const { events } = await listOutbox(folder, { state: 'queued', limit: Number.MAX_SAFE_INTEGER });
  return events.map(({ eventId }) => eventId);
}
