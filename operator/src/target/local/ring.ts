import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ringEntrySchema } from '@scholar/contract';
import type { RingKeyView } from '../../audit/snapshot.ts';
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
  const parsed = ringEntrySchema.safeParse(parseJson(text ?? ''));
  if (!parsed.success) return undefined;
  const { fingerprint, labels, role, not_after } = parsed.data;
  return { id: basename(name, '.json'), fingerprint, labels, role, notAfter: not_after };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
