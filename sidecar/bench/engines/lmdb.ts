import { createRequire } from 'node:module';
import { join } from 'node:path';
import { encodeHeaders } from '../../src/outbox/header-block.ts';
import { appended, type Engine, idBytes, idText } from './engine.ts';

/** What we use of lmdb, which is installed when the benchmark runs and not a dependency. */
type Lmdb = {
  open(options: { path: string; encoding: 'binary'; keyEncoding: 'binary' }): {
    put(key: Buffer, value: Buffer): Promise<boolean>;
    readonly flushed: PromiseLike<unknown>;
    getKeys(): Iterable<Uint8Array>;
  };
};

function openStore(folder: string, modules: string): ReturnType<Lmdb['open']> {
  const lmdb = createRequire(join(modules, 'package.json'))('lmdb') as Lmdb;
  return lmdb.open({ path: join(folder, 'events.mdb'), encoding: 'binary', keyEncoding: 'binary' });
}

/**
 * LMDB by lmdb-js with its defaults: puts of a turn of the event loop are one transaction, committed by its own thread.
 * A put resolves when it is visible, `flushed` when it is durable, so the acknowledgement waits for that.
 */
export function lmdbEngine(folder: string, modules: string): Engine {
  const store = openStore(folder, modules);
  return {
    async append({ eventId, headers, body }) {
      const block = encodeHeaders(headers, eventId);
      const length = Buffer.allocUnsafe(2);
      length.writeUInt16LE(block.length);
      await store.put(idBytes(eventId), Buffer.concat([length, block, body]));
      await store.flushed;
      return appended();
    },
  };
}

export function lmdbIds(folder: string, modules: string): string[] {
  return [...openStore(folder, modules).getKeys()].map(idText);
}
