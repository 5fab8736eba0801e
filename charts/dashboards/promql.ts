/** Per second, over the window that Grafana chooses so that no scrape is missed. */
export const rate = (metric: string, matchers: string): string =>
  `rate(${metric}{${matchers}}[$__rate_interval])`;

/** By how much a counter rose in the time that is looked at. */
export const rise = (metric: string, matchers: string): string =>
  `increase(${metric}{${matchers}}[$__range])`;

/** @param by further labels that are kept */
export function quantile(q: number, histogram: string, matchers: string, by: readonly string[] = []): string {
  const kept = ['le', ...by].join(', ');
  return `histogram_quantile(${q}, sum by (${kept}) (${rate(`${histogram}_bucket`, matchers)}))`;
}

/** Zero for whoever is there and never had a series of the first; nothing for whoever is not there. */
export const orZero = (expr: string, by: string, present: string): string =>
  `${expr} or max by (${by}) (${present}) * 0`;
