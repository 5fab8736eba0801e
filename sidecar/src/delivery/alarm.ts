import type { Clock } from '@scholar/runtime/clock';

/** Rings once at the earliest moment it was asked for. */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #atMs = Number.POSITIVE_INFINITY;
  #cancel = new AbortController();

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** Replaces what was set before; undefined switches it off. `atMs` is monotonic. */
  set(atMs: number | undefined): void {
    const next = atMs ?? Number.POSITIVE_INFINITY;
    if (next === this.#atMs) return;
    this.#cancel.abort();
    this.#atMs = next;
    if (atMs === undefined) return;
    this.#cancel = new AbortController();
    void this.#wait(atMs, this.#cancel.signal);
  }

  async #wait(atMs: number, signal: AbortSignal): Promise<void> {
    // Timers may fire a fraction early; a millisecond more saves a second round.
    await this.#clock.sleep(atMs - this.#clock.monotonic() + 1, signal);
    if (signal.aborted) return;
    this.#atMs = Number.POSITIVE_INFINITY;
    this.#ring();
  }
}
