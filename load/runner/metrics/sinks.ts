export type MetricType = 'counter' | 'gauge' | 'rate' | 'trend';

/** All that one metric, or one of its sub-metrics, has taken. */
export interface Sink {
  add(value: number): void;
  /** By the names that k6 gives them in a summary. @param seconds of the run, for rates of counters */
  values(seconds: number, trendStats: readonly string[]): Record<string, number>;
}

export function createSink(type: MetricType): Sink {
  if (type === 'counter') return new CounterSink();
  if (type === 'gauge') return new GaugeSink();
  return type === 'rate' ? new RateSink() : new TrendSink();
}

class CounterSink implements Sink {
  #count = 0;

  add(value: number): void {
    this.#count += value;
  }

  values(seconds: number): Record<string, number> {
    return { count: this.#count, rate: seconds > 0 ? this.#count / seconds : 0 };
  }
}

class GaugeSink implements Sink {
  #value = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  add(value: number): void {
    this.#value = value;
    this.#min = Math.min(this.#min, value);
    this.#max = Math.max(this.#max, value);
  }

  values(): Record<string, number> {
    const empty = this.#min > this.#max;
    return { value: this.#value, min: empty ? 0 : this.#min, max: empty ? 0 : this.#max };
  }
}

class RateSink implements Sink {
  #passes = 0;
  #total = 0;

  add(value: number): void {
    this.#total += 1;
    if (value !== 0) this.#passes += 1;
  }

  values(): Record<string, number> {
    const rate = this.#total === 0 ? 0 : this.#passes / this.#total;
    return { rate, passes: this.#passes, fails: this.#total - this.#passes };
  }
}

const FIRST_CAPACITY = 1_024;

/** Keeps every sample: its percentiles are exact. */
export class TrendSink implements Sink {
  #samples = new Float64Array(FIRST_CAPACITY);
  #count = 0;
  #sum = 0;
  #sorted: Float64Array | undefined;

  add(value: number): void {
    if (this.#count === this.#samples.length) {
      const larger = new Float64Array(this.#count * 2);
      larger.set(this.#samples);
      this.#samples = larger;
    }
    this.#samples[this.#count] = value;
    this.#count += 1;
    this.#sum += value;
    this.#sorted = undefined;
  }

  values(_seconds: number, trendStats: readonly string[]): Record<string, number> {
    return Object.fromEntries(trendStats.map((stat) => [stat, this.stat(stat)]));
  }

  /** @param stat avg, min, med, max, count or p(N). @throws RangeError when it is none of them */
  stat(stat: string): number {
    const percent = percentileOf(stat);
    if (percent !== undefined) return this.#percentile(percent);
    switch (stat) {
      case 'avg':
        return this.#count === 0 ? 0 : this.#sum / this.#count;
      case 'count':
        return this.#count;
      case 'min':
        return this.#percentile(0);
      case 'max':
        return this.#percentile(100);
      default:
        throw new RangeError(`${stat} is none of avg, min, med, max, count, p(N)`);
    }
  }

  /** Linear between the two nearest samples, as k6 does it. */
  #percentile(percent: number): number {
    this.#sorted ??= this.#samples.slice(0, this.#count).sort();
    if (this.#count === 0) return 0;
    const place = (percent / 100) * (this.#count - 1);
    const low = this.#sorted[Math.floor(place)] ?? 0;
    const high = this.#sorted[Math.ceil(place)] ?? low;
    return low + (high - low) * (place - Math.floor(place));
  }
}

/** N of `p(N)`, 50 of `med`. */
export function percentileOf(stat: string): number | undefined {
  if (stat === 'med') return 50;
  const found = /^p\((\d+(?:\.\d+)?)\)$/.exec(stat)?.[1];
  const percent = Number(found ?? Number.NaN);
  return percent >= 0 && percent <= 100 ? percent : undefined;
}
