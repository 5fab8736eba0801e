/**
 * All that the outbox asks of a disk. Paths are absolute. Errors are those of node:fs (`code`: ENOSPC, EIO, ENOENT …).
 * What each call may assume about a crash is in sidecar/README.md, "Our assumptions".
 */
export interface Disk {
  /** Creates the folder and its parents; an existing one is fine. */
  mkdir(path: string): Promise<void>;
  /** `create` fails when the file exists (EEXIST), `read` when it does not (ENOENT); `update` writes and creates a missing file. */
  open(path: string, mode: 'create' | 'update' | 'read'): Promise<DiskFile>;
  readFile(path: string): Promise<Buffer>;
  /** Names in the folder, in no order; a missing folder is empty. */
  readdir(path: string): Promise<DirEntry[]>;
  /** undefined: no such file. */
  size(path: string): Promise<number | undefined>;
  /** Tells a file from every other that has or had this name; undefined: no such file. Cheap enough to be asked for each batch. */
  identity(path: string): Promise<string | undefined>;
  rename(from: string, to: string): Promise<void>;
  /** A missing file is fine. */
  unlink(path: string): Promise<void>;
  /** Makes creations, renames and removals in the folder durable. */
  syncDir(path: string): Promise<void>;
}

export interface DirEntry {
  name: string;
  directory: boolean;
}

export interface DiskFile {
  /** Writes all of buffer[0, length) at `position`, or throws. */
  write(buffer: Buffer, length: number, position: number): Promise<void>;
  /** As write, and durable when it resolves: one trip where the system has O_DSYNC (mode `create`). */
  writeDurable(buffer: Buffer, length: number, position: number): Promise<void>;
  /** Reads up to buffer.length bytes; returns how many, 0 at the end of the file. */
  read(buffer: Buffer, position: number): Promise<number>;
  truncate(length: number): Promise<void>;
  /** Data and length are durable (fdatasync). */
  sync(): Promise<void>;
  close(): Promise<void>;
}
