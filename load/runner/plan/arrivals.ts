/** A rate that changes linearly from one value to another; iterations a millisecond. */
export interface Ramp {
  from: number;
  to: number;
  durationMs: number;
}

/**
 * When iterations of constant-arrival-rate start, ms after the scenario: evenly spaced, the first at once. Pure.
 * @param perMs iterations a millisecond
 */
export function* constantArrivals(perMs: number, durationMs: number): Generator<number> {
  if (perMs <= 0) return;
  for (let n = 0; n / perMs < durationMs; n += 1) yield n / perMs;
}

/**
 * When iterations of ramping-arrival-rate start: the n-th where the area under the rate reaches n. Pure.
 * Within a ramp of slope a from rate r the area after t is r·t + a·t²/2.
 */
export function* rampingArrivals(ramps: readonly Ramp[]): Generator<number> {
  let startMs = 0;
  let area = 0;
  let next = 1;
  for (const { from, to, durationMs } of ramps) {
    const end = area + ((from + to) / 2) * durationMs;
    // Sums of fractions: the last iteration of a ramp must not be missed by a rounding error.
    for (; next <= end + 1e-9; next += 1) {
      yield startMs + Math.min(durationMs, timeOfArea(next - area, { from, to, durationMs }));
    }
    area = end;
    startMs += durationMs;
  }
}

function timeOfArea(area: number, { from, to, durationMs }: Ramp): number {
  if (durationMs === 0) return 0;
  const slope = (to - from) / durationMs;
  if (slope === 0) return area / from;
  const root = Math.sqrt(Math.max(0, from * from + 2 * slope * area));
  // Of both solutions the one that does not subtract two nearly equal numbers.
  return (2 * area) / (from + root);
}
