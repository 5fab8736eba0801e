import * as fs from 'node:fs';
import * as fsp from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Disk, DiskFile } from './disk.ts';
import { makePath } from './make-path.ts';
import { type WriteSome, writeAll } from './write-all.ts';

const { O_CREAT, O_EXCL, O_RDONLY, O_RDWR } = fs.constants;
/** Absent on Windows and useless on macOS (only F_FULLFSYNC empties the drive's cache there, which fs.fdatasync asks for). */
const O_DSYNC = process.platform === 'linux' ? fs.constants.O_DSYNC : 0;

const fdatasync = promisify(fs.fdatasync);
const ftruncate = promisify(fs.ftruncate);
const closeFd = promisify(fs.close);

// Plain descriptors and callbacks: a FileHandle costs several promises per call on the one path that matters.
const writeSome =
  (fd: number): WriteSome =>
  (buffer, from, length, position) =>
    new Promise((resolve, reject) => {
      fs.write(fd, buffer, from, length, position, (error, written) =>
        error ? reject(error) : resolve(written),
      );
    });

const readSome = (fd: number, buffer: Buffer, position: number): Promise<number> =>
  new Promise((resolve, reject) => {
    fs.read(fd, buffer, 0, buffer.length, position, (error, bytes) =>
      error ? reject(error) : resolve(bytes),
    );
  });

const openFile = (fd: number, dsync: boolean): DiskFile => ({
  write: (buffer, length, position) => writeAll(writeSome(fd), buffer, length, position),
  async writeDurable(buffer, length, position) {
    await writeAll(writeSome(fd), buffer, length, position);
    if (!dsync) await fdatasync(fd);
  },
  read: (buffer, position) => readSome(fd, buffer, position),
  truncate: (length) => ftruncate(fd, length),
  sync: () => fdatasync(fd),
  close: () => closeFd(fd),
});

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** The file system of this machine. */
export const nodeDisk: Disk = {
  mkdir: (path) => makePath(path),
  async open(path, mode) {
    const dsync = mode === 'create' && O_DSYNC !== 0;
    const flags =
      mode === 'read' ? O_RDONLY : mode === 'update' ? O_RDWR | O_CREAT : O_RDWR | O_CREAT | O_EXCL | O_DSYNC;
    const fd = await promisify(fs.open)(path, flags, 0o600);
    return openFile(fd, dsync);
  },
  readFile: (path) => fsp.readFile(path),
  async readdir(path) {
    try {
      const entries = await fsp.readdir(path, { withFileTypes: true });
      return entries.map((entry) => ({ name: entry.name, directory: entry.isDirectory() }));
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  },
  async size(path) {
    try {
      return (await fsp.stat(path)).size;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },
  async identity(path) {
    // Not through the thread pool: what the kernel holds in memory is answered in microseconds, a trip takes ten times as long.
    const found = fs.statSync(path, { bigint: true, throwIfNoEntry: false });
    // The number of a removed file is given away again; the time of its last change, in nanoseconds, is not.
    return found === undefined ? undefined : `${found.dev} ${found.ino} ${found.ctimeNs}`;
  },
  rename: (from, to) => fsp.rename(from, to),
  async unlink(path) {
    await fsp.rm(path, { force: true });
  },
  async syncDir(path) {
    // Windows cannot open a folder for syncing; NTFS journals the entry itself.
    if (process.platform === 'win32') return;
    const fd = await promisify(fs.open)(path, O_RDONLY);
    try {
      await promisify(fs.fsync)(fd);
    } finally {
      await closeFd(fd);
    }
  },
};
