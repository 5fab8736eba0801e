/**
 * The sandbox's memory: one JSON document per line, appended and fsynced before an answer leaves.
 *
 * Recovery: lines are read in order; a last line without its newline is a write that a crash cut short. Nobody was
 * answered for it, so it is dropped and the file is cut there. A broken line anywhere else stops the start, with its number.
 */
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export type Journal = {
  /** Resolves when the line is on the disk; calls that wait together share one sync. */
  append(entry: unknown): Promise<void>;
  close(): Promise<void>;
};

const FILE = 'journal.jsonl';

/** Reads the entries of a journal folder; an absent file is an empty journal. @throws Error naming file and line of a broken entry. */
export async function readJournal(dir: string): Promise<unknown[]> {
  const path = join(dir, FILE);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const lines = text.split('\n');
  lines.pop();
  return lines.map((line, index) => {
    try {
      return JSON.parse(line) as unknown;
    } catch (error) {
      throw new Error(`${path}:${index + 1} is not JSON; move the file away to start with an empty sandbox`, {
        cause: error,
      });
    }
  });
}

/** Replaces the journal by `entries` (the compacted state) and opens it for appending. */
export async function openJournal(dir: string, entries: readonly unknown[]): Promise<Journal> {
  const path = join(dir, FILE);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const next = await open(`${path}.next`, 'w', 0o600);
  await next.writeFile(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  await next.sync();
  await next.close();
  await rename(`${path}.next`, path);
  await syncFolder(dirname(path));
  return appender(await open(path, 'a', 0o600));
}

function appender(file: Awaited<ReturnType<typeof open>>): Journal {
  let waiting: { line: string; resolve: () => void; reject: (error: unknown) => void }[] = [];
  let running: Promise<void> | undefined;

  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await file.appendFile(batch.map((entry) => entry.line).join(''));
        await file.datasync();
        for (const entry of batch) entry.resolve();
      } catch (error) {
        for (const entry of batch) entry.reject(error);
      }
    }
    running = undefined;
  };

  return {
    append(entry) {
      return new Promise((resolve, reject) => {
        waiting.push({ line: `${JSON.stringify(entry)}\n`, resolve, reject });
        running ??= drain();
      });
    },
    async close() {
      await running;
      await file.close();
    },
  };
}

async function syncFolder(dir: string): Promise<void> {
  const folder = await open(dir, 'r');
  await folder.sync();
  await folder.close();
}
