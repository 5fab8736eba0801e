/**
 * Makes `metric.labels(…)` return the same child for the same label values, so that a hot path allocates none.
 * A child only binds label values, hence a removed series does not make a cached child stale.
 */
export function cacheChildren<M extends { labels(...args: never[]): object }>(metric: M): M {
  const children = new Map<string, object>();
  const create = metric.labels.bind(metric);
  metric.labels = (...args: never[]) => {
    const id = JSON.stringify(args);
    const known = children.get(id);
    if (known) return known;
    const child = create(...args);
    children.set(id, child);
    return child;
  };
  return metric;
}
