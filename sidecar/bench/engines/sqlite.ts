import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { encodeHeaders } from '../../src/outbox/header-block.ts';
import type { NewEvent } from '../../src/outbox/index.ts';
import { appended, type Engine, idBytes, idText } from './engine.ts';

type Waiter = { event: NewEvent; resolve: () => void; reject: (error: unknown) => void };

/**
 * SQLite in WAL mode, synchronous=FULL: a commit returns after the sync of the WAL. Everything that arrived within a turn
 * of the event loop is one commit.
 */
export function sqliteEngine(folder: string): Engine {
  const database = openDatabase(folder);
  const insert = database.prepare('INSERT OR IGNORE INTO events (id, headers, body) VALUES (?, ?, ?)');
  let waiting: Waiter[] = [];
  const commit = (): void => {
    const batch = waiting;
    waiting = [];
    try {
      database.exec('BEGIN IMMEDIATE');
      for (const { event } of batch)
        insert.run(idBytes(event.eventId), encodeHeaders(event.headers, event.eventId), event.body);
      database.exec('COMMIT');
      for (const { resolve } of batch) resolve();
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };
  return {
    append: (event) =>
      new Promise((resolve, reject) => {
        if (waiting.length === 0) setImmediate(commit);
        waiting.push({ event, resolve: () => resolve(appended()), reject });
      }),
  };
}

function openDatabase(folder: string): DatabaseSync {
  const database = new DatabaseSync(join(folder, 'events.db'));
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('PRAGMA synchronous = FULL');
  database.exec(
    'CREATE TABLE IF NOT EXISTS events (seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, headers BLOB, body BLOB)',
  );
  return database;
}

export function sqliteIds(folder: string): string[] {
  const rows = openDatabase(folder).prepare('SELECT id FROM events').all();
  return rows.map((row) => idText(row['id'] as Uint8Array));
}
