/** The value below which a share `p` (0 to 1) of the values lies, interpolated between neighbours; NaN of none. */
export function quantile(values: readonly number[], p: number): number {
  return quantileOfSorted(
    values.toSorted((a, b) => a - b),
    p,
  );
}

/** The same of values that are sorted already: no copy. */
export function quantileOfSorted(sorted: ArrayLike<number>, p: number): number {
  if (sorted.length === 0) return Number.NaN;
  const position = (sorted.length - 1) * p;
  const below = Math.floor(position);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN;
  return low + (high - low) * (position - below);
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Median absolute deviation: half of the values lie this near to the median. */
export function medianDeviation(values: readonly number[]): number {
  const middle = median(values);
  return median(values.map((value) => Math.abs(value - middle)));
}

/** Least squares of y = fixed + each * x, which weighs relative errors: a small x must not drown in a large one. */
export function fitLine(points: readonly { x: number; y: number }[]): { fixed: number; each: number } {
  let [w, wx, wy, wxx, wxy] = [0, 0, 0, 0, 0];
  for (const { x, y } of points) {
    const weight = 1 / Math.max(1, y * y);
    w += weight;
    wx += weight * x;
    wy += weight * y;
    wxx += weight * x * x;
    wxy += weight * x * y;
  }
  const each = (w * wxy - wx * wy) / (w * wxx - wx * wx);
  return { fixed: (wy - each * wx) / w, each };
}

/** Four digits say more than the clock can. */
export function digits(value: number): number {
  return Number(value.toPrecision(4));
}
