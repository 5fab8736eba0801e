import { createMetrics, defineMetrics, type Metrics } from './index.ts';

const TABLE = defineMetrics({
  things_total: { type: 'counter', help: 'Things.', labels: ['kind'] },
  starts_total: { type: 'counter', help: 'Starts.' },
  depth: { type: 'gauge', help: 'Depth.' },
  seconds: { type: 'histogram', help: 'Seconds.', buckets: [0.1, 0.15] },
});

describe('createMetrics', () => {
  test('renders what was counted, with the default labels on every series', async () => {
    const metrics = createMetrics(TABLE, { app: 'scholar_auth' });
    metrics.counter('things_total').inc({ kind: 'a' }, 2);
    metrics.gauge('depth').set(7);
    metrics.histogram('seconds').observe(0.15);
    const text = await metrics.render();
    expect(text).toContain('things_total{kind="a",app="scholar_auth"} 2');
    expect(text).toContain('depth{app="scholar_auth"} 7');
    expect(text).toContain('seconds_bucket{le="0.15",app="scholar_auth"} 1');
  });

  test('a series without labels is there from the start, at zero', async () => {
    expect(await createMetrics(TABLE).render()).toContain('starts_total 0');
  });

  test('two sets of metrics in one process do not share a registry', async () => {
    const [one, two] = [createMetrics(TABLE), createMetrics(TABLE)];
    one.counter('starts_total').inc();
    expect(await two.render()).toContain('starts_total 0');
  });

  test('the same labels give the same child, in a cheap way for hot paths', async () => {
    const metrics = createMetrics(TABLE);
    const child = metrics.counter('things_total').labels({ kind: 'a' });
    expect(metrics.counter('things_total').labels({ kind: 'a' })).toBe(child);
    child.inc();
    expect(await metrics.render()).toContain('things_total{kind="a"} 1');
  });

  test('collectors run before a render, and one that fails does not spoil the scrape', async () => {
    const metrics = createMetrics(TABLE);
    metrics.collect(() => metrics.gauge('depth').set(3));
    metrics.collect(async () => {
      throw new Error('database gone');
    });
    expect(await metrics.render()).toContain('depth 3');
  });

  test('metrics of the process come only when asked for', async () => {
    expect(await createMetrics(TABLE).render()).not.toContain('process_cpu');
    expect(await createMetrics(TABLE, {}, { process: true }).render()).toContain('process_cpu');
  });

  test('a name that is not in the table is refused with the remedy', () => {
    const metrics = createMetrics(TABLE);
    // @ts-expect-error: the compiler refuses it too
    expect(() => metrics.counter('depth')).toThrow('add it there');
  });

  test('metrics of a larger table serve whoever needs a smaller one, not the reverse', async () => {
    const SMALLER = defineMetrics({ depth: { type: 'gauge', help: 'Depth.' } });
    const larger = createMetrics(TABLE);
    const smaller: Metrics<typeof SMALLER> = larger;
    smaller.gauge('depth').set(4);
    expect(await larger.render()).toContain('depth 4');
    // @ts-expect-error: names would be missing
    const missing: Metrics<typeof TABLE> = createMetrics(SMALLER);
    expect(() => missing.counter('starts_total')).toThrow('add it there');
  });
});
