import type { Clock } from '@scholar/runtime/clock';
import type { ShownTruthTable } from './truth-table.ts';

/** How many rows of the table have each verdict. */
export type VerdictCounts = Record<ShownTruthTable['table'][number]['verdict'], number>;

/**
 * Looks at the truth table on its own, so that its age and staleness are metrics also when nobody opens a page:
 * the alarm must not depend on what it watches.
 */
export class VerdictWatch {
  readonly #read: () => Promise<ShownTruthTable>;
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #stop = new AbortController();
  #seen: { table: ShownTruthTable; atMs: number } | undefined;
  #loop: Promise<void> | undefined;

  constructor(options: { read: () => Promise<ShownTruthTable>; clock: Clock; intervalMs: number }) {
    this.#read = options.read;
    this.#clock = options.clock;
    this.#intervalMs = options.intervalMs;
  }

  /** Seconds since the newest table was reported, -1 without one, as far as could be seen. */
  ageS(): number {
    return this.#grown(this.#seen?.table.age_s);
  }

  /** Seconds since the operator, or the supervisor of a machine, was heard of; -1 where that never was. */
  heartbeatAgeS(): number {
    return this.#grown(this.#seen?.table.heartbeat_age_s);
  }

  /** Seconds; undefined until A8 has looked. */
  periodS(): number | undefined {
    return this.#seen?.table.period_s;
  }

  /** Rows by verdict as they may be believed now; undefined until A8 has looked. */
  counts(): VerdictCounts | undefined {
    if (this.#seen === undefined) return undefined;
    const counts: VerdictCounts = { green: 0, red: 0, unknown: 0 };
    for (const { verdict } of this.rows()) counts[verdict] += 1;
    return counts;
  }

  /** The applications as they may be believed now; none until A8 has looked. */
  rows(): Pick<ShownTruthTable['table'][number], 'label' | 'verdict'>[] {
    // What was seen before grows old by itself, and nobody may count on it then.
    const isStale = this.stale();
    return (this.#seen?.table.table ?? []).map(({ label, verdict }) => ({
      label,
      verdict: isStale ? 'unknown' : verdict,
    }));
  }

  /** True also when nobody could look. */
  stale(): boolean {
    if (this.#seen === undefined || this.#seen.table.stale) return true;
    return Math.max(this.ageS(), this.heartbeatAgeS()) > 2 * this.#seen.table.period_s;
  }

  /** An age as it was seen, and the time since. */
  #grown(age: number | null | undefined): number {
    if (this.#seen === undefined || age === null || age === undefined) return -1;
    return age + (this.#clock.monotonic() - this.#seen.atMs) / 1000;
  }

  start(): void {
    this.#loop = this.#watch();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  async #watch(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const table = await this.#read().catch(() => undefined);
      if (table !== undefined) this.#seen = { table, atMs: this.#clock.monotonic() };
      await this.#clock.sleep(this.#intervalMs, this.#stop.signal);
    }
  }
}
