import { type Clock, systemClock } from '../clock/index.ts';

/** The clock of this machine, as if it had been made at another time: it goes on by itself, and sleeps take their time. */
export class ShiftedClock implements Clock {
  #shiftMs: number;
  readonly monotonic = systemClock.monotonic;
  readonly sleep = systemClock.sleep;

  constructor(startMs: number) {
    this.#shiftMs = startMs - systemClock.now();
  }

  /** Today (UTC), far from either midnight: what counts by the day sees one day, however long a test takes. */
  static atNoon(): ShiftedClock {
    return new ShiftedClock(new Date(systemClock.now()).setUTCHours(12, 0, 0, 0));
  }

  now(): number {
    return systemClock.now() + this.#shiftMs;
  }

  /** From now on it is so much later. */
  advance(ms: number): void {
    this.#shiftMs += ms;
  }
}
