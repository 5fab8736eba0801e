import { join } from 'node:path';
import { decodeLetter, entryOf, type LetterEntry } from './dead-letters.ts';
import type { Disk } from './disk.ts';
import { OutboxTooNew } from './errors.ts';
import { type Folder, idIn, indexPath, isUnfinished, segmentPath } from './folder.ts';
import {
  FORMAT_VERSION,
  judgeSegmentHeader,
  peekRecord,
  RECORD_KIND,
  SEGMENT_HEADER_BYTES,
} from './format.ts';
import { decodeIndex, type SegmentSummary } from './index-file.ts';
import { decodeLedger, emptyLedger, inRanges, type LedgerData } from './ledger.ts';
import { type ByteRange, scanSegment } from './scan.ts';

/** A segment as found: its records, and where it could not be read. */
export interface FoundSegment {
  summary: SegmentSummary;
  /** Read record by record, because it had no usable index. */
  scanned: boolean;
  headerDamaged: boolean;
  gaps: ByteRange[];
  tail: ByteRange | undefined;
  /** Bytes of gaps and tail, for the quarantine. */
  damaged: { range: ByteRange; bytes: Buffer }[];
  indexBytes: number;
}

/** Everything that lies in the folder, read and not yet changed. */
export interface Survey {
  ledger: LedgerData;
  ledgerDamaged: boolean;
  segments: FoundSegment[];
  /** Segments that the ledger has counted as dropped; their files are to be removed. */
  leftovers: number[];
  journals: number[];
  letters: Map<string, LetterEntry>;
  orphans: string[];
  quarantineFiles: Map<string, number>;
}

/** Reads the folder; `deep` reads every segment record by record even where an index would do. @throws OutboxTooNew */
export async function surveyFolder(o: { disk: Disk; folder: Folder; deep?: boolean }): Promise<Survey> {
  const { disk, folder } = o;
  const { ledger, damaged } = await readLedger(disk, folder);
  const orphans: string[] = [];
  const ids: number[] = [];
  for (const { name } of await disk.readdir(folder.segments)) {
    const id = idIn(name, 'seg');
    if (id !== undefined) ids.push(id);
    else if (idIn(name, 'idx') === undefined && !isUnfinished(name)) orphans.push(`segments/${name}`);
  }
  const journals: number[] = [];
  for (const { name } of await disk.readdir(folder.settled)) {
    const id = idIn(name, 'log');
    if (id !== undefined) journals.push(id);
    else if (!isUnfinished(name)) orphans.push(`settled/${name}`);
  }
  ids.sort((a, b) => a - b);
  const isDropped = (id: number): boolean => inRanges(ledger.droppedSegments, id);
  const segments: FoundSegment[] = [];
  for (const id of ids.filter((found) => !isDropped(found))) segments.push(await readSegment(o, id));
  orphans.push(...(await strangers(disk, folder)));
  const letters = await readLetters(disk, folder, orphans);
  const quarantineFiles = await readQuarantine(disk, folder, orphans);
  const leftovers = ids.filter(isDropped);
  return { ledger, ledgerDamaged: damaged, segments, leftovers, journals, letters, orphans, quarantineFiles };
}

async function readLedger(disk: Disk, folder: Folder): Promise<{ ledger: LedgerData; damaged: boolean }> {
  if ((await disk.size(folder.ledger)) === undefined) return { ledger: emptyLedger(), damaged: false };
  const ledger = decodeLedger(await disk.readFile(folder.ledger), folder.ledger);
  return { ledger: ledger ?? emptyLedger(), damaged: ledger === undefined };
}

async function readSegment(
  o: { disk: Disk; folder: Folder; deep?: boolean },
  id: number,
): Promise<FoundSegment> {
  const path = segmentPath(o.folder, id);
  const size = (await o.disk.size(path)) ?? 0;
  const index = indexPath(o.folder, id);
  if (o.deep !== true && (await o.disk.size(index)) !== undefined) {
    const bytes = await o.disk.readFile(index);
    const summary = decodeIndex(bytes, id);
    if (summary !== undefined && summary.fileBytes === size) {
      const clean = { headerDamaged: false, gaps: [], tail: undefined, damaged: [] };
      return { summary, scanned: false, indexBytes: bytes.length, ...clean };
    }
  }
  return scanFile(await o.disk.readFile(path), id, path);
}

function scanFile(file: Buffer, id: number, path: string): FoundSegment {
  const verdict = judgeSegmentHeader(file);
  if (verdict.kind === 'too_new') throw new OutboxTooNew(path, verdict.needs, FORMAT_VERSION);
  const header =
    verdict.kind === 'ok' ? verdict.header : { createdAt: 0, firstSequence: 1, previousSegment: 0 };
  const columns = {
    offsets: [] as number[],
    accepted: [] as number[],
    kinds: [] as number[],
    ids: [] as Buffer[],
  };
  let lastSequence = header.firstSequence - 1;
  const scan = scanSegment(file, id, (offset) => {
    const record = peekRecord(file, offset);
    columns.offsets.push(offset);
    columns.accepted.push(record.acceptedAt);
    columns.kinds.push(record.kind);
    columns.ids.push(file.subarray(record.idAt, record.idAt + 16));
    lastSequence = record.sequence;
  });
  const firstAcceptedAt = columns.accepted[0] ?? 0;
  const summary: SegmentSummary = {
    segmentId: id,
    createdAt: header.createdAt,
    previousSegment: header.previousSegment,
    end: scan.end,
    fileBytes: file.length,
    lastSequence,
    firstAcceptedAt,
    offsets: Uint32Array.from(columns.offsets),
    ages: Uint32Array.from(columns.accepted, (at) =>
      Math.min(0xffff_ffff, Math.max(0, at - firstAcceptedAt)),
    ),
    kinds: Uint8Array.from(columns.kinds, (kind) =>
      kind === RECORD_KIND.replayed ? kind : RECORD_KIND.accepted,
    ),
    ids: Buffer.concat(columns.ids),
  };
  const headerDamaged = verdict.kind === 'damaged';
  const ranges = [...scan.gaps, ...(scan.tail ? [scan.tail] : [])];
  if (headerDamaged && file.length > 0)
    ranges.unshift({ from: 0, to: Math.min(file.length, SEGMENT_HEADER_BYTES) });
  const damaged = ranges.map((range) => ({ range, bytes: Buffer.from(file.subarray(range.from, range.to)) }));
  return { summary, scanned: true, headerDamaged, gaps: scan.gaps, tail: scan.tail, damaged, indexBytes: 0 };
}

async function readLetters(disk: Disk, folder: Folder, orphans: string[]): Promise<Map<string, LetterEntry>> {
  const letters = new Map<string, LetterEntry>();
  for (const { name } of await disk.readdir(folder.dead)) {
    if (isUnfinished(name)) continue;
    const bytes = name.endsWith('.json') ? await disk.readFile(join(folder.dead, name)) : Buffer.alloc(0);
    const letter = decodeLetter(bytes);
    if (letter === undefined || `${letter.eventId}.json` !== name) orphans.push(`dead/${name}`);
    else letters.set(letter.eventId, entryOf(letter, bytes.length));
  }
  return letters;
}

async function readQuarantine(disk: Disk, folder: Folder, orphans: string[]): Promise<Map<string, number>> {
  const files = new Map<string, number>();
  for (const { name } of await disk.readdir(folder.quarantine)) {
    if (/^\d{16}-\d+\.bin$/.test(name)) {
      files.set(`quarantine/${name}`, (await disk.size(join(folder.quarantine, name))) ?? 0);
    } else if (!/^\d{16}-\d+\.json$/.test(name) && !isUnfinished(name)) orphans.push(`quarantine/${name}`);
  }
  return files;
}

const OURS = new Set(['segments', 'settled', 'dead', 'quarantine', 'lock', 'ledger.json', 'lost+found']);

async function strangers(disk: Disk, folder: Folder): Promise<string[]> {
  const entries = await disk.readdir(folder.root);
  return entries.map((entry) => entry.name).filter((name) => !OURS.has(name) && !isUnfinished(name));
}
