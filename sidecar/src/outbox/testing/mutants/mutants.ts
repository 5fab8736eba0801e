/** One mistake in the source of the outbox that the model must find. `find` occurs exactly once in `file`. */
export interface Mutant {
  /** The mistake, as one would say it in a review. */
  name: string;
  /** Relative to src/outbox. */
  file: string;
  find: string;
  replace: string;
  /** Of a run that finds it soon; 1 where it is not told. */
  seed?: number;
}

/** Mistakes that real logs have been shipped with. A mutant that survives means that the model looks away. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: 'a batch is acknowledged before it is synced',
    file: 'segment-writer.ts',
    find: 'await active.file.writeDurable(this.#batch, bytes, segment.end);',
    replace: 'await active.file.write(this.#batch, bytes, segment.end);',
  },
  {
    name: 'a failed sync is tried again and then believed',
    file: 'segment-writer.ts',
    find: 'await this.#poison(active, bytes);\n      throw error;',
    replace: 'await active.file.sync().catch(() => undefined);\n      void error;',
  },
  {
    name: 'after a failed batch the next one goes to the same file',
    file: 'segment-writer.ts',
    find: 'await this.#poison(active, bytes);\n      throw error;',
    replace: 'throw error;',
  },
  {
    name: 'the name of a new segment is not synced',
    file: 'segment-writer.ts',
    find: 'await disk.syncDir(folder.segments);',
    replace: '',
  },
  {
    name: 'the folder of the outbox is not synced in the folder above it',
    file: 'make-folders.ts',
    find: 'await disk.syncDir(dirname(path)).catch(',
    replace: 'await Promise.resolve().catch(',
  },
  {
    name: 'the folders of the outbox are not synced in it',
    file: 'make-folders.ts',
    find: 'for (const path of [folder.root, folder.segments, folder.settled, folder.dead]) await disk.syncDir(path);',
    replace: 'for (const path of [folder.segments, folder.settled, folder.dead]) await disk.syncDir(path);',
  },
  {
    name: 'names that a killed process left unsynced are believed',
    file: 'recovery.ts',
    find: 'await syncNames(o.disk, o.folder);',
    replace: 'await o.disk.syncDir(o.folder.root);',
    seed: 777,
  },
  {
    name: 'discards that a killed process left unsynced are believed',
    file: 'recovery.ts',
    find: 'if (binding) await syncJournal(o, segment);',
    replace: 'void binding;',
    seed: 777,
  },
  {
    name: 'a short write counts as a whole one',
    file: 'write-all.ts',
    find: 'while (done < length) {',
    replace: 'if (done < length) {',
  },
  {
    name: 'a short read counts as the end of the file',
    file: 'record-reader.ts',
    find: 'if (read === 0) break;\n        done += read;',
    replace: 'done += read;\n        break;',
  },
  {
    name: 'what was read without an index is not synced before it is called a duplicate',
    file: 'recovery.ts',
    find: '    await file.sync();\n  } finally {',
    replace: '  } finally {',
  },
  {
    name: 'a file is renamed before its bytes are synced',
    file: 'write-file.ts',
    find: 'await file.sync();',
    replace: '',
  },
  {
    name: 'a renamed file counts as durable before its folder is synced',
    file: 'write-file.ts',
    find: 'await disk.syncDir(dirname(path));',
    replace: 'void dirname;',
  },
  {
    name: 'the note of a discard is not synced',
    file: 'settle-journal.ts',
    find: 'if (sync) await file.sync();',
    replace: '',
  },
  {
    name: 'the name of the journal is not synced',
    file: 'settle-journal.ts',
    find: 'if (sync) await this.#o.disk.syncDir(this.#o.folder.settled);',
    replace: '',
  },
  {
    name: 'a duplicate is acknowledged before the first copy is durable',
    file: 'intake.ts',
    find: 'await before.durable;',
    replace: 'before.durable.catch(() => undefined);',
  },
  {
    name: 'a burial counts before its letter is durable',
    file: 'dead-letters.ts',
    find: 'await replaceFile(this.#disk, letterPath(this.#folder, event.eventId), bytes);',
    replace:
      'replaceFile(this.#disk, letterPath(this.#folder, event.eventId), bytes).catch(() => undefined);',
  },
  {
    name: 'a replayed letter is removed before its event is in the log again',
    file: 'outbox.ts',
    find: 'await intake.requeue(stored);',
    replace: 'await letters.remove(stored.eventId);\n    await intake.requeue(stored);',
  },
  {
    name: 'a letter is removed before the ledger says so',
    file: 'reconcile.ts',
    find: '  await noteClosed(o, letter, as);',
    replace: '  await o.letters.remove(letter.eventId);\n  await noteClosed(o, letter, as);',
  },
  {
    name: 'one move of a letter is counted twice',
    file: 'reconcile.ts',
    find: "if (as === 'moved' && !letters.moving.has(eventId)) return;",
    replace: '',
    seed: 4242,
  },
  {
    name: 'a segment is removed before the ledger says so',
    file: 'space.ts',
    find: '    try {\n      await ledger.change(count, forget);',
    replace:
      '    for (const { id } of segments) await disk.unlink(segmentPath(folder, id));\n    try {\n      await ledger.change(count, forget);',
  },
  {
    name: 'a segment is dropped with an event that is owed',
    file: 'catalogue.ts',
    find: 'segment.settledAt = segment.queued === 0 ?',
    replace: 'segment.settledAt = segment.queued <= 1 ?',
  },
  {
    name: 'the name of a dropped segment is used again',
    file: 'recovery.ts',
    find: 'let id = survey.ledger.droppedSegments.at(-1)?.[1] ?? 0;',
    replace: 'let id = 0;',
  },
  {
    name: 'a quota that is used up evicts the oldest event',
    file: 'space.ts',
    find: 'settledAt: s.unreadable > 0 ? undefined : s.settledAt,',
    replace: 'settledAt: needBytes > 0 ? (s.settledAt ?? 0) : s.settledAt,',
  },
  {
    name: 'a dropped segment takes its acknowledged set along',
    file: 'acknowledged.ts',
    find: 'for (const { acknowledged } of dropped) minutes.addAll(acknowledged);',
    replace: 'void dropped;',
  },
  {
    name: 'an event that is replayed stays in its acknowledged set',
    file: 'outbox.ts',
    find: 'const takeBack = this.#p.acknowledged.remove(position, eventId, receipt);',
    replace: 'const takeBack = (): void => void receipt;',
  },
  {
    name: 'an event that comes again after its segment was dropped counts twice in its acknowledged set',
    file: 'acknowledged.ts',
    find: 'if (note.duplicate && this.#data.minutes.some(([known]) => known === minute)) return rest;',
    replace: '',
  },
  {
    name: 'a start makes no acknowledged sets of its notes',
    file: 'recovery.ts',
    find: 'if (data !== undefined) recount(',
    replace: 'if (data === undefined) recount(',
  },
  {
    name: 'an acknowledged event whose note waits to be written cannot leave its set',
    file: 'settle-journal.ts',
    find: 'if (waiting.length === 0) return written;',
    replace: 'if (waiting.length >= 0) return written;',
  },
  {
    name: 'a segment is replaced while batches are written to it',
    file: 'erase.ts',
    find: 'commit.between(() => writer.seal()),',
    replace: 'Promise.resolve(),',
  },
  {
    name: 'an erased event that delivery holds in memory keeps its content',
    file: 'erase.ts',
    find: 'lanes.rewrite(changed);',
    replace: '',
  },
  {
    name: 'a dead letter keeps the content that was erased',
    file: 'erase.ts',
    find: "await io('erasing in a dead letter', letters.rewrite(erased));",
    replace: 'void erased;',
  },
  {
    name: 'an erased segment is not synced before it takes the place of the old one',
    file: 'write-file.ts',
    find: 'await file.sync();',
    replace: '',
  },
  {
    name: 'the name of a file that was replaced is not synced',
    file: 'write-file.ts',
    find: 'await disk.syncDir(dirname(path));',
    replace: '',
  },
  {
    name: 'an erased record keeps its old checksum',
    file: 'erase-record.ts',
    find: 'bytes.writeUInt32LE(saltedCrc(bytes, { from: at + 4, to: end, salt }), at);',
    replace: 'void salt;',
  },
];
