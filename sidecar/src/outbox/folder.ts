import { join } from 'node:path';

/**
 * What lies where. Names that do not match are orphans: reported, never touched.
 *   lock · ledger.json · segments/<id>.seg, <id>.idx · settled/<id>.log · dead/<event id>.json ·
 *   quarantine/<id>-<offset>.bin and .json
 */
export interface Folder {
  root: string;
  segments: string;
  settled: string;
  dead: string;
  quarantine: string;
  lock: string;
  ledger: string;
}

export const folderAt = (root: string): Folder => ({
  root,
  segments: join(root, 'segments'),
  settled: join(root, 'settled'),
  dead: join(root, 'dead'),
  quarantine: join(root, 'quarantine'),
  lock: join(root, 'lock'),
  ledger: join(root, 'ledger.json'),
});

/** 16 digits: names sort as numbers do. */
const digits = (id: number): string => String(id).padStart(16, '0');

export const segmentPath = (folder: Folder, id: number): string => join(folder.segments, `${digits(id)}.seg`);
export const indexPath = (folder: Folder, id: number): string => join(folder.segments, `${digits(id)}.idx`);
export const journalPath = (folder: Folder, id: number): string => join(folder.settled, `${digits(id)}.log`);
export const letterPath = (folder: Folder, eventId: string): string => join(folder.dead, `${eventId}.json`);
export const quarantineName = (id: number, offset: number): string => `${digits(id)}-${offset}`;

/** A file is written under this name first and renamed when it is whole; a crash leaves it behind, the next write replaces it. */
export const unfinished = (path: string): string => `${path}.tmp`;
export const isUnfinished = (name: string): boolean => name.endsWith('.tmp');

/** The segment id in a name like 0000000000000007.seg, or undefined. */
export function idIn(name: string, extension: 'seg' | 'idx' | 'log'): number | undefined {
  const match = /^(\d{16})\.(seg|idx|log)$/.exec(name);
  return match?.[2] === extension ? Number(match[1]) : undefined;
}
