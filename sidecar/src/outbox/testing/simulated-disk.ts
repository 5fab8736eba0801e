import { dirname } from 'node:path';
import type { Disk, DiskFile } from '../disk.ts';
import { writeAll } from '../write-all.ts';
import { SimulatedNames } from './simulated-names.ts';

/** What may go wrong with the next calls. Each answers an errno code to fail with, or undefined. */
export interface Faults {
  /** `written` bytes reach the page cache before the error. */
  write?: (path: string, length: number) => { code: string; written: number } | undefined;
  sync?: (path: string) => string | undefined;
  syncDir?: (path: string) => string | undefined;
  open?: (path: string, mode: string) => string | undefined;
  read?: (path: string, position: number) => string | undefined;
  truncate?: (path: string) => string | undefined;
  rename?: (from: string, to: string) => string | undefined;
  unlink?: (path: string) => string | undefined;
}

type Change = { kind: 'write'; position: number; bytes: Buffer } | { kind: 'truncate'; length: number };

interface Inode {
  /** What a process sees. */
  cache: Buffer;
  /** What survives a crash for certain. */
  durable: Buffer;
  /** Since the last good sync, oldest first. */
  pending: Change[];
}

const errno = (code: string, what: string): Error => Object.assign(new Error(`${code}: ${what}`), { code });
const never = (): Promise<never> => new Promise(() => undefined);

/**
 * A disk that keeps only its promises. Bytes are safe after a good sync, names of files and folders after a sync of the
 * folder that they lie in. At a crash every unsynced write and every unsynced name is kept, torn or lost on its own, in no
 * order, as behind a page cache; `chance` decides. A failed sync drops its dirty pages for good: the next one succeeds and
 * saves nothing of them. Reads and writes are short at times. A process reaches the disk through `attach()`; after
 * crash() or kill() its calls never return.
 */
export class SimulatedDisk {
  faults: Faults = {};
  syncs = 0;
  /** Uniform in [0, 1). */
  readonly #chance: () => number;
  readonly #names = new SimulatedNames<Inode>();
  readonly #numbers = new WeakMap<Inode, string>();
  #lastNumber = 0;
  #epoch = 0;

  constructor(chance: () => number = Math.random) {
    this.#chance = chance;
  }

  /** Power off and on again. */
  crash(): void {
    this.#names.crash(this.#chance);
    for (const inode of new Set(this.#names.files.values())) {
      inode.cache = this.#survivingBytes(inode);
      inode.durable = Buffer.from(inode.cache);
      inode.pending = [];
    }
    this.kill();
  }

  /** kill -9: the page cache lives on. */
  kill(): void {
    this.#epoch += 1;
    this.faults = {};
  }

  files(): string[] {
    return [...this.#names.files.keys()].sort();
  }

  /** As a process would see it; for looking. */
  bytes(path: string): Buffer {
    return Buffer.from(this.#inode(path).cache);
  }

  /** Puts a file there, durably; for damaging. */
  overwrite(path: string, bytes: Buffer): void {
    this.#names.setDurably(path, { cache: Buffer.from(bytes), durable: Buffer.from(bytes), pending: [] });
  }

  /** The same disk once more, all of it durable; to try many crashes from one state. */
  copy(): SimulatedDisk {
    const copy = new SimulatedDisk(this.#chance);
    for (const [path, inode] of this.#names.files) copy.overwrite(path, inode.cache);
    return copy;
  }

  attach(): Disk {
    const epoch = this.#epoch;
    const step = async (code: string | undefined, path: string): Promise<void> => {
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (this.#epoch !== epoch) await never();
      if (code !== undefined) throw errno(code, path);
    };
    return {
      mkdir: async (path) => {
        await step(undefined, path);
        this.#names.addFolder(path);
      },
      open: async (path, mode) => {
        await step(this.faults.open?.(path, mode), path);
        return this.#open(path, mode, step);
      },
      readFile: async (path) => {
        await step(this.faults.read?.(path, 0), path);
        return this.bytes(path);
      },
      readdir: async (path) => {
        await step(undefined, path);
        return this.#names.list(path);
      },
      size: async (path) => {
        await step(undefined, path);
        return this.#names.files.get(path)?.cache.length;
      },
      identity: async (path) => {
        await step(undefined, path);
        const inode = this.#names.files.get(path);
        return inode === undefined ? undefined : this.#numberOf(inode);
      },
      rename: async (from, to) => {
        await step(this.faults.rename?.(from, to), from);
        this.#names.set(to, this.#inode(from));
        this.#names.delete(from);
      },
      unlink: async (path) => {
        await step(this.faults.unlink?.(path), path);
        this.#names.delete(path);
      },
      syncDir: async (path) => {
        await step(this.faults.syncDir?.(path), path);
        this.#names.sync(path);
      },
    };
  }

  #numberOf(inode: Inode): string {
    const number = this.#numbers.get(inode) ?? `${++this.#lastNumber}`;
    this.#numbers.set(inode, number);
    return number;
  }

  #open(
    path: string,
    mode: string,
    step: (code: string | undefined, path: string) => Promise<void>,
  ): DiskFile {
    let inode = this.#names.files.get(path);
    if (!this.#names.hasFolder(dirname(path))) throw errno('ENOENT', path);
    if (mode === 'create' && inode !== undefined) throw errno('EEXIST', path);
    if (mode === 'read' && inode === undefined) throw errno('ENOENT', path);
    inode ??= { cache: Buffer.alloc(0), durable: Buffer.alloc(0), pending: [] };
    this.#names.set(path, inode);
    return this.#file(path, inode, step);
  }

  #file(
    path: string,
    inode: Inode,
    step: (code: string | undefined, path: string) => Promise<void>,
  ): DiskFile {
    const write = async (buffer: Buffer, length: number, position: number): Promise<void> => {
      const fault = this.faults.write?.(path, length);
      const most = Math.min(length, fault?.written ?? length);
      const writeSome = async (from: Buffer, at: number, rest: number, to: number): Promise<number> => {
        await step(undefined, path);
        const taken = this.#chance() < 0.1 ? Math.ceil(rest / 2) : rest;
        change(inode, { kind: 'write', position: to, bytes: Buffer.from(from.subarray(at, at + taken)) });
        return taken;
      };
      if (most === 0) await step(undefined, path);
      await writeAll(writeSome, buffer, most, position);
      if (fault !== undefined) throw errno(fault.code, path);
    };
    const sync = async (): Promise<void> => {
      const code = this.faults.sync?.(path);
      await step(undefined, path);
      inode.durable = code === undefined ? Buffer.from(inode.cache) : this.#survivingBytes(inode);
      inode.pending = [];
      if (code !== undefined) throw errno(code, path);
      this.syncs += 1;
    };
    return {
      write,
      writeDurable: async (buffer, length, position) => {
        await write(buffer, length, position);
        await sync();
      },
      read: async (buffer, position) => {
        await step(this.faults.read?.(path, position), path);
        const wanted = this.#chance() < 0.2 ? Math.ceil(buffer.length / 2) : buffer.length;
        return inode.cache.copy(buffer, 0, position, position + wanted);
      },
      truncate: async (length) => {
        await step(this.faults.truncate?.(path), path);
        change(inode, { kind: 'truncate', length });
      },
      sync,
      close: () => Promise.resolve(),
    };
  }

  /** Each unsynced change survives whole, torn, or not at all, whatever became of those before it. */
  #survivingBytes(inode: Inode): Buffer {
    let bytes = inode.durable;
    for (const pending of inode.pending) {
      const luck = this.#chance();
      if (luck < 1 / 3) continue;
      const torn = luck > 2 / 3 && pending.kind === 'write';
      const part = torn ? Math.floor(this.#chance() * pending.bytes.length) : 0;
      bytes = applied(bytes, torn ? { ...pending, bytes: pending.bytes.subarray(0, part) } : pending);
    }
    return bytes;
  }

  #inode(path: string): Inode {
    const inode = this.#names.files.get(path);
    if (inode === undefined) throw errno('ENOENT', path);
    return inode;
  }
}

function change(inode: Inode, pending: Change): void {
  inode.pending.push(pending);
  inode.cache = applied(inode.cache, pending);
}

function applied(before: Buffer, pending: Change): Buffer {
  const written = pending.kind === 'write' ? pending.position + pending.bytes.length : 0;
  const after = Buffer.alloc(pending.kind === 'write' ? Math.max(before.length, written) : pending.length);
  before.copy(after);
  if (pending.kind === 'write') pending.bytes.copy(after, pending.position);
  return after;
}
