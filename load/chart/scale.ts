/** From a value to a place in pixels. */
export interface Scale {
  readonly at: (value: number) => number;
  /** Values that get a line and a number. */
  readonly ticks: readonly number[];
}

interface Range {
  low: number;
  high: number;
  /** Pixels of `low` and `high`. */
  from: number;
  to: number;
}

/** Pure; the ends are where they are told to be. */
export function linearScale({ low, high, from, to }: Range, most = 6): Scale {
  const span = high > low ? high - low : 1;
  const step = niceStep(span / most);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor((low + span) / step + 1e-9) - first + 1;
  return {
    at: (value) => from + ((clamp(value, low, low + span) - low) / span) * (to - from),
    ticks: Array.from({ length: count }, (_, index) => Number(((first + index) * step).toPrecision(12))),
  };
}

/** Pure; what is below `low`, 0 among it, lies on its edge. @param low more than 0 */
export function logScale({ low, high, from, to }: Range): Scale {
  const bottom = Math.log10(low);
  const span = Math.log10(Math.max(high, low * 10)) - bottom;
  const ticks: number[] = [];
  for (let power = Math.floor(bottom); power <= bottom + span; power += 1)
    for (const digit of span > 2.5 ? [1] : [1, 2, 5]) {
      const value = digit * 10 ** power;
      if (value >= low * 0.999 && Math.log10(value) <= bottom + span + 1e-9)
        ticks.push(Number(value.toPrecision(12)));
    }
  return {
    at: (value) =>
      from + ((clamp(Math.log10(Math.max(value, low)), bottom, bottom + span) - bottom) / span) * (to - from),
    ticks,
  };
}

/** The next of 1, 2, 5 times a power of ten that is at least so much. Pure. */
export function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const digit = [1, 2, 5, 10].find((each) => each * power >= least * 0.999999) ?? 10;
  return digit * power;
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
