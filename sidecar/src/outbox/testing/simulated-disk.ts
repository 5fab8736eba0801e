import { basename, dirname } from 'node:path';
import type { DirEntry, Disk, DiskFile } from '../disk.ts';

/** What may go wrong with the next calls. Each returns an errno code to fail with, or undefined. */
export interface Faults {
  write?: (path: string, length: number) => FaultyWrite | undefined;
  sync?: (path: string) => string | undefined;
  syncDir?: (path: string) => string | undefined;
  open?: (path: string, mode: string) => string | undefined;
  read?: (path: string, position: number) => string | 'short' | undefined;
  rename?: (from: string, to: string) => string | undefined;
}
/** `written` bytes reach the page cache before the error. */
export interface FaultyWrite {
  code: string;
  written: number;
}

interface Inode {
  /** What a process sees. */
  cache: Buffer;
  /** What survives a crash for certain. */
  durable: Buffer;
  /** Writes since the last good sync, oldest first; a crash keeps any of them, whole or torn. */
  pending: { position: number; bytes: Buffer; truncate?: number }[];
}

const errno = (code: string, what: string): Error => Object.assign(new Error(`${code}: ${what}`), { code });

/**
 * A disk that keeps only its promises. Bytes are safe after a good sync, names after a sync of their folder; at a crash
 * every unsynced write and every unsynced name is kept, torn or lost on its own, in no order (`chance` decides), as on
 * a real disk behind a page cache. A failed sync drops its dirty pages for good: the next sync succeeds and saves nothing.
 */
export class SimulatedDisk implements Disk {
  faults: Faults = {};
  /** Uniform in [0, 1). */
  readonly #chance: () => number;
  #names = new Map<string, Inode>();
  #durableNames = new Map<string, Inode>();
  readonly #folders = new Set<string>();
  syncs = 0;

  constructor(chance: () => number = Math.random) {
    this.#chance = chance;
  }

  /** Power off and on again. Open files of before are dead. */
  crash(): void {
    const survived = new Map<string, Inode>();
    for (const folder of new Set([...this.#names.keys(), ...this.#durableNames.keys()].map(dirname))) {
      this.#crashFolder(folder, survived);
    }
    for (const inode of new Set(survived.values())) {
      inode.cache = this.#survivingBytes(inode);
      inode.durable = Buffer.from(inode.cache);
      inode.pending = [];
    }
    this.#names = survived;
    this.#durableNames = new Map(survived);
    this.#epoch += 1;
    this.faults = {};
  }

  /** kill -9: the page cache lives on, open files do not. */
  kill(): void {
    this.#epoch += 1;
    this.faults = {};
  }

  #epoch = 0;

  /** The bytes of a file as a process sees them; for looking, and for damaging. */
  bytes(path: string): Buffer {
    return this.#inode(path).cache;
  }

  overwrite(path: string, bytes: Buffer): void {
    this.#names.set(path, { cache: Buffer.from(bytes), durable: Buffer.from(bytes), pending: [] });
    this.#durableNames.set(path, this.#inode(path));
  }

  files(): string[] {
    return [...this.#names.keys()].sort();
  }

  mkdir(path: string): Promise<void> {
    this.#folders.add(path);
    return Promise.resolve();
  }

  async open(path: string, mode: 'create' | 'update' | 'read'): Promise<DiskFile> {
    await this.#tick(this.faults.open?.(path, mode), path);
    let inode = this.#names.get(path);
    if (mode === 'create' && inode !== undefined) throw errno('EEXIST', path);
    if (mode === 'read' && inode === undefined) throw errno('ENOENT', path);
    if (inode === undefined) {
      inode = { cache: Buffer.alloc(0), durable: Buffer.alloc(0), pending: [] };
      this.#names.set(path, inode);
    }
    return this.#file(path, inode);
  }

  async readFile(path: string): Promise<Buffer> {
    await this.#tick(undefined, path);
    return Buffer.from(this.#inode(path).cache);
  }

  async readdir(path: string): Promise<DirEntry[]> {
    await this.#tick(undefined, path);
    const entries: DirEntry[] = [];
    for (const name of this.#names.keys()) {
      if (dirname(name) === path) entries.push({ name: basename(name), directory: false });
    }
    for (const name of this.#folders) {
      if (dirname(name) === path) entries.push({ name: basename(name), directory: true });
    }
    return entries;
  }

  async size(path: string): Promise<number | undefined> {
    await this.#tick(undefined, path);
    return this.#names.get(path)?.cache.length;
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#tick(this.faults.rename?.(from, to), from);
    this.#names.set(to, this.#inode(from));
    this.#names.delete(from);
  }

  async unlink(path: string): Promise<void> {
    await this.#tick(undefined, path);
    this.#names.delete(path);
  }

  async syncDir(path: string): Promise<void> {
    await this.#tick(this.faults.syncDir?.(path), path);
    for (const name of [...this.#durableNames.keys()])
      if (dirname(name) === path) this.#durableNames.delete(name);
    for (const [name, inode] of this.#names) if (dirname(name) === path) this.#durableNames.set(name, inode);
  }

  #file(path: string, inode: Inode): DiskFile {
    const epoch = this.#epoch;
    const alive = (): void => {
      // A write of a dead process must never arrive: it waits for ever, as the process would.
      if (this.#epoch !== epoch) throw errno('EBADF', `${path} belongs to a process that is gone`);
    };
    const write = async (buffer: Buffer, length: number, position: number): Promise<void> => {
      const fault = this.faults.write?.(path, length);
      await this.#tick(undefined, path);
      alive();
      const done = fault === undefined ? length : Math.min(length, fault.written);
      if (done > 0) place(inode, Buffer.from(buffer.subarray(0, done)), position);
      if (fault !== undefined) throw errno(fault.code, path);
    };
    const sync = async (): Promise<void> => {
      const code = this.faults.sync?.(path);
      await this.#tick(undefined, path);
      alive();
      if (code !== undefined) {
        inode.durable = this.#survivingBytes(inode);
        inode.pending = [];
        throw errno(code, path);
      }
      this.syncs += 1;
      for (const write of inode.pending) inode.durable = applied(inode.durable, write);
      inode.pending = [];
    };
    return {
      write,
      async writeDurable(buffer, length, position) {
        await write(buffer, length, position);
        await sync();
      },
      read: async (buffer, position) => {
        const fault = this.faults.read?.(path, position);
        await this.#tick(fault === 'short' ? undefined : fault, path);
        const wanted = fault === 'short' ? Math.max(1, Math.floor(buffer.length / 2)) : buffer.length;
        return inode.cache.copy(buffer, 0, position, position + wanted);
      },
      truncate: async (length) => {
        await this.#tick(undefined, path);
        alive();
        const change = { position: 0, bytes: Buffer.alloc(0), truncate: length };
        inode.pending.push(change);
        inode.cache = applied(inode.cache, change);
      },
      sync,
      close: () => Promise.resolve(),
    };
  }

  /** Each unsynced write survives whole, torn, or not at all, whatever came before it. */
  #survivingBytes(inode: Inode): Buffer {
    let bytes = inode.durable;
    for (const write of inode.pending) {
      const luck = this.#chance();
      if (luck < 1 / 3) continue;
      if (luck < 2 / 3 || write.truncate !== undefined) bytes = applied(bytes, write);
      else
        bytes = applied(bytes, {
          ...write,
          bytes: write.bytes.subarray(0, Math.floor(this.#chance() * write.bytes.length)),
        });
    }
    return bytes;
  }

  #crashFolder(folder: string, survived: Map<string, Inode>): void {
    const names = new Set(
      [...this.#names.keys(), ...this.#durableNames.keys()].filter((n) => dirname(n) === folder),
    );
    for (const name of names) {
      const [now, before] = [this.#names.get(name), this.#durableNames.get(name)];
      const kept = now === before || this.#chance() < 0.5 ? now : before;
      if (kept !== undefined) survived.set(name, kept);
    }
  }

  async #tick(code: string | undefined, path: string): Promise<void> {
    const epoch = this.#epoch;
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (this.#epoch !== epoch) await new Promise<void>(() => undefined);
    if (code !== undefined) throw errno(code, path);
  }

  #inode(path: string): Inode {
    const inode = this.#names.get(path);
    if (inode === undefined) throw errno('ENOENT', path);
    return inode;
  }
}

function place(inode: Inode, bytes: Buffer, position: number): void {
  const write = { position, bytes };
  inode.pending.push(write);
  inode.cache = applied(inode.cache, write);
}

function applied(before: Buffer, write: { position: number; bytes: Buffer; truncate?: number }): Buffer {
  if (write.truncate !== undefined) {
    const cut = Buffer.alloc(write.truncate);
    before.copy(cut);
    return cut;
  }
  const after = Buffer.alloc(Math.max(before.length, write.position + write.bytes.length));
  before.copy(after);
  write.bytes.copy(after, write.position);
  return after;
}
