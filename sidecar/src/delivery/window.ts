/** How many events may be in flight at once. Pure; one per destination. */
export interface Window {
  readonly limit: number;
  /** A8 answered usefully within `writeMs`. */
  grow(writeMs: number): void;
  /** A8 answered "not now", or not at all: half as many from here on. */
  shrink(): void;
  /** A8 was gone: begin again with one. */
  collapse(): void;
}

export interface WindowLimits {
  max: number;
  /** A write slower than this says that A8 queues our events: our backlog must not push live ones over the goal. */
  slowMs: number;
  /** Slowness alone never takes the window below this: a far A8 is slow with one in flight, too. */
  slowFloor: number;
}

/**
 * Additive increase, multiplicative decrease, with a doubling start (RFC 5681 section 3.1): after an outage the
 * first answer allows two, those allow four, up to where it last hurt; from there one more per round.
 */
export function createWindow({ max, slowMs, slowFloor }: WindowLimits): Window {
  let size = 1;
  let threshold = max;
  let sinceCut = 0;

  function cut(factor: number, floor: number): void {
    size = Math.max(floor, size * factor);
    threshold = Math.max(2, size);
    sinceCut = 0;
  }

  return {
    get limit() {
      return Math.floor(size);
    },
    grow(writeMs) {
      sinceCut += 1;
      // One round of answers per cut: those in flight at the time of a cut were sent under the old limit.
      if (writeMs > slowMs && size > slowFloor && sinceCut >= size) {
        cut(0.75, slowFloor);
        return;
      }
      size = Math.min(max, size + (size < threshold ? 1 : 1 / size));
    },
    shrink() {
      cut(0.5, 1);
    },
    collapse() {
      threshold = Math.max(2, size / 2);
      size = 1;
      sinceCut = 0;
    },
  };
}
