import type { Pool } from 'pg';

/** How many rows one minute has of one kind. `minute` counts from the epoch, by A8's clock of receiving. */
export type Cell = { minute: number; app: string; type: string; simulated: boolean; count: number };

export type Counted = {
  cells: Cell[];
  /** First and last minute of the window, both included. */
  from: number;
  to: number;
  /** Minutes of the window that have not been counted yet: the time of this look was used up. */
  uncounted: number;
};

export type MinuteCountsOptions = {
  pool: Pool;
  now: () => number;
  monotonic: () => number;
  /** After so many milliseconds no further question is asked in one look. */
  budgetMs: number;
};

/** A row's received_at is older than its commit by less than this; afterwards its minute does not change any more. */
const SETTLE_MS = 15_000;
/** Minutes of one question. */
const SLICE = 60;
const KEPT_MINUTES = 24 * 60;

const COUNT = `
SELECT floor(extract(epoch FROM received_at) / 60)::int AS minute, app_label AS app, event_type AS type, simulated,
       count(*)::int AS count
FROM events WHERE received_at >= to_timestamp($1::float8 * 60) AND received_at < to_timestamp($2::float8 * 60)
GROUP BY 1, 2, 3, 4`;

/**
 * Rows by minute, app and type, by this replica. A minute that is over is counted once and kept, so a look costs what has
 * come in since the one before, whatever the table holds. The first look at a long window may need more time than one
 * look has: it begins with the newest, and goes on with the next.
 */
export class MinuteCounts {
  readonly #options: MinuteCountsOptions;
  readonly #kept = new Map<number, Cell[]>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: MinuteCountsOptions) {
    this.#options = options;
  }

  /** @throws what pg throws, when nothing at all could be counted. */
  count(windowMinutes: number): Promise<Counted> {
    // One at a time: who comes second finds what the first has counted.
    const counted = this.#last.then(() => this.#count(Math.min(windowMinutes, KEPT_MINUTES)));
    this.#last = counted.catch(() => undefined);
    return counted;
  }

  async #count(window: number): Promise<Counted> {
    const { now, monotonic, budgetMs } = this.#options;
    const nowMs = now();
    const to = Math.floor(nowMs / 60_000);
    const from = to - window + 1;
    this.#forget(to - KEPT_MINUTES);
    const started = monotonic();
    const cells = new Map<number, Cell[]>();
    for (const slice of this.#missing(from, to)) {
      if (cells.size > 0 && monotonic() - started > budgetMs) break;
      const rows = await this.#ask(slice).catch((error: unknown) => {
        if (cells.size === 0) throw error;
        return undefined;
      });
      if (rows === undefined) break;
      for (let minute = slice.from; minute <= slice.to; minute += 1) {
        const found = rows.filter((row) => row.minute === minute);
        cells.set(minute, found);
        if ((minute + 1) * 60_000 + SETTLE_MS <= nowMs) this.#kept.set(minute, found);
      }
    }
    const all = Array.from({ length: window }, (_, place) => from + place);
    const known = all.map((minute) => cells.get(minute) ?? this.#kept.get(minute));
    return {
      ...{ from, to, cells: known.flatMap((found) => found ?? []) },
      uncounted: known.filter((found) => found === undefined).length,
    };
  }

  async #ask({ from, to }: { from: number; to: number }): Promise<Cell[]> {
    return (await this.#options.pool.query<Cell>(COUNT, [from, to + 1])).rows;
  }

  /** Runs of minutes that nobody has counted for good, newest first. */
  *#missing(from: number, to: number): Generator<{ from: number; to: number }> {
    let minute = to;
    while (minute >= from) {
      if (this.#kept.has(minute)) {
        minute -= 1;
        continue;
      }
      const end = minute;
      while (minute > from && end - minute < SLICE - 1 && !this.#kept.has(minute - 1)) minute -= 1;
      yield { from: minute, to: end };
      minute -= 1;
    }
  }

  #forget(before: number): void {
    for (const minute of this.#kept.keys()) if (minute <= before) this.#kept.delete(minute);
  }
}
