import { createHash } from 'node:crypto';
import { ERASED_ACTOR } from '@scholar/contract';
import type { Pool } from 'pg';

/** Older knowledge of who is erased is refreshed before an event is written by it, ms. */
export const STALE_MS = 3_000;

/** An erasure is looked for again over so long: two replicas begin theirs in any order. */
const OVERLAP = '1 minute';

type Known = { actor_hash: Buffer; requested_at: Date };

/**
 * Whose events are erased, and up to when: the record of erasures, in memory. An event that happened before the erasure
 * of its actor and comes only now (it waited in an app or in a forwarder) is written as erased at once. What happened
 * later is a new event: the person has come back.
 */
export class ErasedActors {
  readonly #pool: Pool;
  readonly #monotonic: () => number;
  readonly #untilMs = new Map<string, number>();
  #newestMs = Number.NEGATIVE_INFINITY;
  #key: Buffer | undefined;
  #loadedAt = Number.NEGATIVE_INFINITY;
  #loading: Promise<void> | undefined;

  constructor(options: { pool: Pool; monotonic: () => number }) {
    this.#pool = options.pool;
    this.#monotonic = options.monotonic;
  }

  get isFresh(): boolean {
    return this.#monotonic() - this.#loadedAt < STALE_MS;
  }

  /** Reads what other replicas have recorded since. @throws whatever pg throws. */
  refresh(): Promise<void> {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  /** 32 bytes that stand for an actor in the record. The same as `sha256(key || actor_id)` in SQL. @throws as refresh. */
  async hash(actorId: string): Promise<Buffer> {
    if (this.#key === undefined) await this.refresh();
    return this.#hash(actorId);
  }

  /** Must this event be written without its content? `occurredAt` as the contract has it. */
  covers(actorId: string, occurredAt: string): boolean {
    if (actorId === ERASED_ACTOR) return true;
    const atMs = Date.parse(occurredAt);
    if (!(atMs <= this.#newestMs)) return false;
    return atMs <= (this.#untilMs.get(this.#hash(actorId).toString('hex')) ?? Number.NEGATIVE_INFINITY);
  }

  async #load(): Promise<void> {
    const startedAt = this.#monotonic();
    this.#key ??= await readKey(this.#pool);
    const since = Number.isFinite(this.#newestMs) ? new Date(this.#newestMs) : null;
    const { rows } = await this.#pool.query<Known>(
      `SELECT actor_hash, requested_at FROM erasures
       WHERE $1::timestamptz IS NULL OR requested_at > $1::timestamptz - interval '${OVERLAP}'`,
      [since],
    );
    for (const { actor_hash, requested_at } of rows) {
      const name = actor_hash.toString('hex');
      const untilMs = requested_at.getTime();
      this.#untilMs.set(name, Math.max(untilMs, this.#untilMs.get(name) ?? untilMs));
      this.#newestMs = Math.max(this.#newestMs, untilMs);
    }
    this.#loadedAt = startedAt;
  }

  #hash(actorId: string): Buffer {
    if (this.#key === undefined) throw new Error('the key of erasures was not read yet');
    return createHash('sha256').update(this.#key).update(actorId, 'utf8').digest();
  }
}

async function readKey(pool: Pool): Promise<Buffer> {
  const { rows } = await pool.query<{ key: Buffer }>('SELECT key FROM erasure_key');
  if (rows[0] === undefined) throw new Error('the table erasure_key is empty: restore it from a backup');
  return rows[0].key;
}
