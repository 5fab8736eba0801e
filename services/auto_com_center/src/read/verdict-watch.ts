import type { Clock } from '@scholar/runtime/clock';
import type { ShownTruthTable } from './truth-table.ts';

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
    const age = this.#seen?.table.age_s ?? null;
    if (this.#seen === undefined || age === null) return -1;
    return age + (this.#clock.monotonic() - this.#seen.atMs) / 1000;
  }

  /** True also when nobody could look. */
  stale(): boolean {
    return this.#seen === undefined || this.#seen.table.stale || this.ageS() > 2 * this.#seen.table.period_s;
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
