import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { RingKeyView } from '../../audit/snapshot.ts';
import { ringKeyView } from '../../gather/ring-key.ts';
import { readText } from './json-file.ts';
import type { StateLayout } from './layout.ts';

/** @returns the keys that A8 accepts, as its ring folder holds them; files that are no ring entry are left out. */
export async function readRing(layout: StateLayout): Promise<RingKeyView[]> {
  const names = await readdir(layout.keyRing).catch(() => []);
  const entries = await Promise.all(
    names.filter((name) => name.endsWith('.json')).map((name) => readEntry(layout, name)),
  );
  return entries.filter((entry) => entry !== undefined);
}

async function readEntry(layout: StateLayout, name: string): Promise<RingKeyView | undefined> {
  const text = await readText(join(layout.keyRing, name));
  return text === undefined ? undefined : ringKeyView({ id: basename(name, '.json'), text });
}
