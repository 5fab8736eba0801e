import { setTimeout as sleep } from 'node:timers/promises';

/** What reading `/metrics` again and again has seen. Milliseconds and bytes. */
export type Scrapes = { count: number; series: number; bytes: number; p50Ms: number; maxMs: number };

export interface Scraper {
  /** Ends it. @throws Error when an answer was none, or when it was never asked: then nothing was measured. */
  stop(): Promise<Scrapes>;
}

/** Asks for the metrics of a process as a Prometheus does, once every `everyMs`, late or not. */
export function startScraper(url: string, everyMs: number): Scraper {
  const ended = new AbortController();
  const tookMs: number[] = [];
  let last = '';
  const work = async (): Promise<void> => {
    for (let dueMs = performance.now(); !ended.signal.aborted; dueMs += everyMs) {
      const fromMs = performance.now();
      const response = await fetch(url);
      last = await response.text();
      if (!response.ok) throw new Error(`${url} answered ${response.status}`);
      tookMs.push(performance.now() - fromMs);
      const waitMs = Math.max(0, dueMs + everyMs - performance.now());
      await sleep(waitMs, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  };
  const working = work();
  // Whoever stops it hears of the failure; until then it may not count as unhandled.
  working.catch(() => undefined);
  return {
    async stop() {
      ended.abort();
      await working;
      const sorted = tookMs.toSorted((a, b) => a - b);
      const [longest] = sorted.slice(-1);
      if (longest === undefined) throw new Error(`${url} was never read`);
      return {
        count: sorted.length,
        series: seriesIn(last),
        bytes: Buffer.byteLength(last),
        p50Ms: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
        maxMs: longest,
      };
    },
  };
}

/** Pure. Samples of a text in Prometheus' format: every line that is no comment. */
export function seriesIn(text: string): number {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
}
