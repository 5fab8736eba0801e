import type { Pool } from 'pg';

/** What is sighted of a label. Requests with a valid canary token are not sightings. */
export type SightingKind = 'event' | 'simulated' | 'legacy_endpoint' | 'legacy_alias';
export type Sighting = { label: string; kind: SightingKind; hits: number; lastAtMs: number };

const FLUSH = `
INSERT INTO sightings (app_label, kind, hits, last_at)
SELECT app_label, kind, hits, last_at
FROM unnest($1::text[], $2::text[], $3::bigint[], $4::timestamptz[]) AS batch (app_label, kind, hits, last_at)
ORDER BY app_label, kind
ON CONFLICT (app_label, kind) DO UPDATE
SET hits = sightings.hits + excluded.hits, last_at = greatest(sightings.last_at, excluded.last_at)`;

/**
 * Counts what each label was seen doing, in memory, and adds the counts to the database about once a second:
 * at most one row a label and kind, whoever knocks. A crash loses the last second of counting, never an event.
 */
export class Sightings {
  readonly #pool: Pool;
  readonly #onFault: (error: unknown) => void;
  readonly #intervalMs: number;
  #pending = new Map<string, Sighting>();
  #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> | undefined;

  constructor(options: { pool: Pool; intervalMs: number; onFault: (error: unknown) => void }) {
    this.#pool = options.pool;
    this.#intervalMs = options.intervalMs;
    this.#onFault = options.onFault;
  }

  /** `label` must come from a closed set: it becomes a row. */
  see(label: string, kind: SightingKind, nowMs: number, hits = 1): void {
    const name = `${label} ${kind}`;
    const known = this.#pending.get(name);
    if (known === undefined) {
      this.#pending.set(name, { label, kind, hits, lastAtMs: nowMs });
      return;
    }
    known.hits += hits;
    known.lastAtMs = Math.max(known.lastAtMs, nowMs);
  }

  start(): void {
    this.#timer = setInterval(() => void this.flush(), this.#intervalMs).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }

  /** Adds what was counted to the database; on failure it is kept for the next time. Never rejects. */
  async flush(): Promise<void> {
    this.#flushing ??= this.#write().finally(() => {
      this.#flushing = undefined;
    });
    await this.#flushing;
  }

  async #write(): Promise<void> {
    if (this.#pending.size === 0) return;
    const batch = [...this.#pending.values()];
    this.#pending = new Map();
    try {
      await this.#pool.query(FLUSH, [
        batch.map(({ label }) => label),
        batch.map(({ kind }) => kind),
        batch.map(({ hits }) => hits),
        batch.map(({ lastAtMs }) => new Date(lastAtMs)),
      ]);
    } catch (error) {
      for (const { label, kind, lastAtMs, hits } of batch) this.see(label, kind, lastAtMs, hits);
      this.#onFault(error);
    }
  }
}
