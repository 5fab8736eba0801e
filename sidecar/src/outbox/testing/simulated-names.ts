import { basename, dirname } from 'node:path';
import type { DirEntry } from '../disk.ts';

/**
 * The names of a simulated disk: files and folders, each durable only after a sync of the folder that it lies in. At a
 * crash every change of a name that was not synced is kept or lost on its own, and a folder that is lost takes with it
 * all that lay in it.
 */
export class SimulatedNames<Inode> {
  #files = new Map<string, Inode>();
  #durableFiles = new Map<string, Inode>();
  #folders = new Set<string>();
  #durableFolders = new Set<string>();

  get files(): ReadonlyMap<string, Inode> {
    return this.#files;
  }

  hasFolder(path: string): boolean {
    return path === '/' || this.#folders.has(path);
  }

  /** With its parents. */
  addFolder(path: string): void {
    if (this.hasFolder(path)) return;
    this.addFolder(dirname(path));
    this.#folders.add(path);
  }

  set(path: string, inode: Inode): void {
    this.#files.set(path, inode);
  }

  delete(path: string): void {
    this.#files.delete(path);
  }

  /** Puts a file there, durably, with all the folders above it. */
  setDurably(path: string, inode: Inode): void {
    this.addFolder(dirname(path));
    for (let folder = dirname(path); folder !== '/'; folder = dirname(folder))
      this.#durableFolders.add(folder);
    this.#files.set(path, inode);
    this.#durableFiles.set(path, inode);
  }

  sync(folder: string): void {
    for (const name of [...this.#durableFiles.keys()])
      if (dirname(name) === folder) this.#durableFiles.delete(name);
    for (const [name, inode] of this.#files)
      if (dirname(name) === folder) this.#durableFiles.set(name, inode);
    for (const name of this.#folders) if (dirname(name) === folder) this.#durableFolders.add(name);
  }

  list(folder: string): DirEntry[] {
    const inside = (names: Iterable<string>, directory: boolean): DirEntry[] =>
      [...names]
        .filter((name) => dirname(name) === folder)
        .map((name) => ({ name: basename(name), directory }));
    return [...inside(this.#files.keys(), false), ...inside(this.#folders, true)];
  }

  /** Power off and on again. `chance` is uniform in [0, 1). */
  crash(chance: () => number): void {
    const folders = new Set<string>();
    // Parents first: their names are shorter.
    for (const folder of [...this.#folders].sort((a, b) => a.length - b.length)) {
      const parent = dirname(folder);
      const kept = this.#durableFolders.has(folder) || chance() < 0.5;
      if (kept && (parent === '/' || folders.has(parent))) folders.add(folder);
    }
    const files = new Map<string, Inode>();
    for (const name of new Set([...this.#files.keys(), ...this.#durableFiles.keys()])) {
      const [now, before] = [this.#files.get(name), this.#durableFiles.get(name)];
      const kept = now === before || chance() < 0.5 ? now : before;
      const folder = dirname(name);
      if (kept !== undefined && (folder === '/' || folders.has(folder))) files.set(name, kept);
    }
    this.#files = files;
    this.#durableFiles = new Map(files);
    this.#folders = folders;
    this.#durableFolders = new Set(folders);
  }
}
