import type { Logger } from '@scholar/runtime/log';
import { KeyLimit } from './key-limit.ts';
import { type KeyMemory, KeyRing } from './key-ring.ts';
import { type BadKeyFile, type KeyFiles, readKeyFiles } from './read-key-files.ts';

/**
 * The ring of a folder, re-read by content: mounted Secrets are swapped behind symlinks, so neither names nor
 * times tell a change. A key that is gone from the folder is gone from the ring at the next look; a folder that
 * cannot be read at all keeps the last ring, because a hiccup of the disk must not lock every sender out.
 */
export class KeyDirectory {
  readonly #dir: string;
  readonly #log: Logger;
  readonly #intervalMs: number;
  readonly #memory: KeyMemory;
  #files: KeyFiles = { ring: new KeyRing([]), bad: [], content: '' };
  #folderProblem: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #reading: Promise<void> | undefined;

  /** @param options.requestsPerSecond of each key; 0 is no limit. */
  constructor(options: { dir: string; log: Logger; intervalMs: number; requestsPerSecond: number }) {
    const { requestsPerSecond } = options;
    this.#memory = {
      learned: new Map(),
      limit: requestsPerSecond > 0 ? new KeyLimit(requestsPerSecond) : undefined,
    };
    this.#dir = options.dir;
    this.#log = options.log;
    this.#intervalMs = options.intervalMs;
  }

  get ring(): KeyRing {
    return this.#files.ring;
  }

  get bad(): readonly BadKeyFile[] {
    return this.#files.bad;
  }

  /** What is wrong with the ring, as sentences for /running. */
  findings(nowMs: number): string[] {
    const findings = this.#files.bad.map(
      ({ file, reason }) => `The key file ${file} is not used: ${reason}.`,
    );
    if (this.#folderProblem !== undefined) findings.push(this.#folderProblem);
    if (this.ring.valid('emit', nowMs).length === 0)
      findings.push('No key may emit: every event is refused.');
    return findings;
  }

  async start(): Promise<void> {
    await this.refresh();
    this.#timer = setInterval(() => void this.refresh(), this.#intervalMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Looks at the folder now. Never rejects. */
  async refresh(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    await this.#reading;
  }

  async #read(): Promise<void> {
    try {
      const files = await readKeyFiles(this.#dir, this.#memory);
      this.#folderProblem = undefined;
      if (files.content === this.#files.content) return;
      this.#files = files;
      this.#log.info({ keys: files.ring.size, bad: files.bad.length }, 'key ring read');
      for (const { file, reason } of files.bad) this.#log.warn({ file, reason }, 'a key file is not used');
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'error';
      const problem = `The folder of A8_KEYS_DIR cannot be read (${code}): create it and put <id>.json files in it.`;
      if (problem !== this.#folderProblem)
        this.#log.warn({ code }, 'the folder of the key ring cannot be read');
      this.#folderProblem = problem;
    }
  }
}
