import { readFile } from 'node:fs/promises';
import { keyFingerprint } from '@scholar/contract';
import { type Env, processEnv } from './env.ts';
import { describeEmpty, describeUnreadable, errorCode, type Raw, readRaw, trimNewline } from './read-raw.ts';

/**
 * A secret (or a URL) that may change while the process runs. Kubernetes swaps mounted files behind a symlink, an
 * operator writes a corrected key: files are therefore compared by content, not watched. A file that is gone or
 * empty means "no secret"; one that cannot be read keeps the last value, because a hiccup of the disk must not take
 * a working key away. `problem()` tells about both.
 */
export interface SecretSource {
  current(): string | undefined;
  /** 12 hex of the current value; undefined where there is none. */
  fingerprint(): string | undefined;
  /** `env`, `file` or `unset`. */
  readonly source: Raw['source'];
  /** Why there is no fresh value, for people; undefined when all is well. */
  problem(): string | undefined;
  /** Calls `fn` after every change of the value. Returns the function that unsubscribes. */
  onChange(fn: (value: string | undefined) => void): () => void;
  /** Reads the file now instead of at the next tick. */
  refresh(): Promise<void>;
  /** Stops re-reading. */
  close(): void;
}

const DEFAULT_INTERVAL_MS = 5_000;

/**
 * The secret named `name`, from the variable of that name or from the file that `<name>_FILE` points to.
 * @param options.intervalMs how often a file is read again; 5000 by default. The timer keeps no process alive.
 */
export function secretSource(options: {
  name: string;
  env?: Env;
  aliases?: readonly string[];
  intervalMs?: number;
}): SecretSource {
  const { name, env = processEnv(), aliases = [], intervalMs = DEFAULT_INTERVAL_MS } = options;
  return new WatchedSecret(name, readRaw(name, { kind: 'secret', aliases }, env), intervalMs);
}

/** The secret in one file. */
export function secretFile(path: string, options: { name?: string; intervalMs?: number } = {}): SecretSource {
  const { name = 'SECRET', intervalMs = DEFAULT_INTERVAL_MS } = options;
  return new WatchedSecret(
    name,
    readRaw(name, { kind: 'secret', aliases: [] }, { [`${name}_FILE`]: path }),
    intervalMs,
  );
}

/** A secret that never changes. */
export function staticSecret(value: string | undefined): SecretSource {
  const raw: Raw = value ? { source: 'env', value } : { source: 'unset' };
  return new WatchedSecret('SECRET', raw, DEFAULT_INTERVAL_MS);
}

class WatchedSecret implements SecretSource {
  readonly source: Raw['source'];
  readonly #name: string;
  readonly #path: string | undefined;
  readonly #listeners = new Set<(value: string | undefined) => void>();
  readonly #timer: NodeJS.Timeout | undefined;
  #value: string | undefined;
  #problem: string | undefined;
  #reading: Promise<void> | undefined;

  constructor(name: string, initial: Raw, intervalMs: number) {
    this.source = initial.source;
    this.#name = name;
    this.#path = initial.source === 'file' ? initial.path : undefined;
    this.#value = initial.value;
    this.#problem = initial.trouble;
    if (this.#path) this.#timer = setInterval(() => void this.refresh(), intervalMs).unref();
  }

  current(): string | undefined {
    return this.#value;
  }

  fingerprint(): string | undefined {
    return this.#value === undefined ? undefined : keyFingerprint(this.#value);
  }

  problem(): string | undefined {
    return this.#problem;
  }

  onChange(fn: (value: string | undefined) => void): () => void {
    this.#listeners.add(fn);
    return () => void this.#listeners.delete(fn);
  }

  async refresh(): Promise<void> {
    if (this.#path === undefined) return;
    // One read at a time: two that overtake each other could leave the older content in place.
    this.#reading ??= this.#read(this.#path).finally(() => {
      this.#reading = undefined;
    });
    await this.#reading;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#listeners.clear();
  }

  async #read(path: string): Promise<void> {
    try {
      const text = trimNewline(await readFile(path, 'utf8'));
      this.#problem = text === '' ? describeEmpty(this.#name, path) : undefined;
      this.#set(text === '' ? undefined : text);
    } catch (error) {
      this.#problem = describeUnreadable(this.#name, path, error);
      if (errorCode(error) === 'ENOENT') this.#set(undefined);
    }
  }

  #set(next: string | undefined): void {
    if (next === this.#value) return;
    this.#value = next;
    for (const listener of this.#listeners) listener(next);
  }
}
