import { durationMs } from '../plan/duration.ts';
import { renderMetrics } from './exposition.ts';
import { Metrics } from './registry.ts';
import { createSink } from './sinks.ts';
import { bindThresholds, judgeThreshold, type ThresholdOption } from './thresholds.ts';

function filled(type: Parameters<typeof createSink>[0], values: readonly number[]) {
  const sink = createSink(type);
  for (const value of values) sink.add(value);
  return sink;
}

test('a summary has of each kind of metric the values that k6 gives it', () => {
  expect(filled('counter', [1, 2, 3]).values(2, [])).toEqual({ count: 6, rate: 3 });
  expect(filled('gauge', [5, 1, 3]).values(1, [])).toEqual({ value: 3, min: 1, max: 5 });
  expect(filled('rate', [1, 0, 0, 1]).values(1, [])).toEqual({ rate: 0.5, passes: 2, fails: 2 });
  expect(filled('trend', [40, 10, 20, 30]).values(1, ['avg', 'min', 'med', 'max', 'p(90)', 'count'])).toEqual(
    {
      ...{ avg: 25, min: 10, med: 25, max: 40, 'p(90)': 37, count: 4 },
    },
  );
});

test('a percentile is exact over all samples, and linear between two', () => {
  const samples = filled(
    'trend',
    Array.from({ length: 5_001 }, (_, i) => 5_000 - i),
  );
  const { 'p(95)': p95, 'p(99.9)': p999, 'p(0)': p0 } = samples.values(1, ['p(95)', 'p(99.9)', 'p(0)']);
  expect([p95, p0]).toEqual([4_750, 0]);
  expect(p999).toBeCloseTo(4_995, 9);
});

test('without a sample everything is 0, so that count==0 holds', () => {
  expect(filled('trend', []).values(1, ['p(95)', 'avg'])).toEqual({ 'p(95)': 0, avg: 0 });
  expect(filled('rate', []).values(1, [])).toEqual({ rate: 0, passes: 0, fails: 0 });
});

const judged = (metrics: Metrics, of: Record<string, ThresholdOption[]>) =>
  bindThresholds(of, { metrics, durationMs }).map((threshold) => judgeThreshold(threshold, 10));

test('a threshold with a tag looks at the samples that carry it, and at no others', () => {
  const metrics = new Metrics();
  const of = { 'http_req_duration{op:write}': ['p(95)<150'], http_req_duration: ['p(95)<150', 'max<=900'] };
  const bound = bindThresholds(of, { metrics, durationMs });
  metrics.add('http_req_duration', 100, { op: 'write', status: '201' });
  metrics.add('http_req_duration', 900, { op: 'read' });
  const told = bound.map((threshold) => judgeThreshold(threshold, 10));
  expect(told.map(({ metric, ok, value }) => [metric, ok, Math.round(value)])).toEqual([
    ['http_req_duration{op:write}', true, 100],
    ['http_req_duration', false, 860],
    ['http_req_duration', true, 900],
  ]);
});

test.each<[string, number, boolean]>([
  ['count==3', 3, true],
  ['count===3', 3, true],
  ['count!=3', 3, false],
  ['count > 2', 3, true],
  ['count>=4', 3, false],
  ['rate<0.4', 3, true],
])('%s with a count of %i in ten seconds: %s', (expression, count, ok) => {
  const metrics = new Metrics();
  metrics.declare('things', 'counter', 'default');
  metrics.add('things', count, {});
  expect(judged(metrics, { things: [expression] })[0]?.ok).toBe(ok);
});

test.each<[Record<string, ThresholdOption[]>, RegExp]>([
  [{ nothing: ['count==0'] }, /the metric nothing, which does not exist/],
  [{ http_reqs: ['p(95)<1'] }, /a counter such as http_reqs has no p\(95\)/],
  [{ http_req_failed: ['about 3'] }, /is no threshold: write/],
  [{ http_req_duration: ['p(101)<1'] }, /has no p\(101\)/],
  [{ 'http_req_duration{op}': ['avg<1'] }, /a tag is written \{name:value\}/],
])('a threshold that could never be judged ends the run before it begins: %j', (of, why) => {
  expect(() => judged(new Metrics(), of)).toThrow(why);
});

test('a metric is the same in every VU, and never two things', () => {
  const metrics = new Metrics();
  expect(metrics.declare('lost', 'counter', 'default')).toBe(metrics.declare('lost', 'counter', 'default'));
  expect(() => metrics.declare('lost', 'trend', 'time')).toThrow(/declared twice, and not alike/);
  expect(() => metrics.declare('http_reqs', 'counter', 'default')).toThrow(/a metric of k6 itself/);
  expect(() => metrics.declare('no-name', 'counter', 'default')).toThrow(/is no name of a metric/);
});

test('Prometheus is told what k6 would write to it: a series for each set of tags, times in seconds', () => {
  const metrics = new Metrics({ keepsSeries: true });
  metrics.add('http_req_duration', 150, { op: 'write', status: '201', group: '' });
  metrics.add('http_req_duration', 50, { status: '201', op: 'write' });
  metrics.add('http_req_duration', 7, { op: 'read', status: '200' });
  metrics.add('http_req_failed', 1, { op: 'a "b"\n\\' });
  metrics.add('vus', 3, {});
  const text = renderMetrics(metrics.all, 1);
  expect(text).toContain('k6_http_req_duration_p50{op="write",status="201"} 0.1\n');
  expect(text).toContain('k6_http_req_duration_max{op="read",status="200"} 0.007\n');
  expect(text).toContain('k6_http_req_failed_rate{op="a \\"b\\"\\n\\\\"} 1\n');
  expect(text).toContain('# TYPE k6_dropped_iterations_total counter\nk6_dropped_iterations_total 0\n');
  expect(text).toContain('k6_vus 3\n');
  expect(text).not.toContain('k6_iteration_duration');
  const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
  expect(new Set(names).size).toBe(names.length);
});

test('without anybody who scrapes no sample is kept twice', () => {
  const metrics = new Metrics();
  metrics.add('http_req_duration', 150, { op: 'write' });
  expect(metrics.find('http_req_duration')?.series).toBeUndefined();
});
