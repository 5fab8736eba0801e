import { countByBucket } from '../dashboard/overview/latency-figure.ts';
import { percentile, WriteLatency } from './write-latency.ts';

test('percentiles are nearest-rank over the real durations', () => {
  const sorted = Float64Array.from({ length: 100 }, (_, index) => index + 1);
  expect([0.5, 0.95, 0.99, 1].map((share) => percentile(sorted, share))).toEqual([50, 95, 99, 100]);
  expect(percentile(new Float64Array(), 0.95)).toBeNull();
});

test('exactly 150 ms is within the target, in the share and in the graph', () => {
  const latency = new WriteLatency();
  for (const ms of [150, 150.1, 1, 2]) latency.observe('scholar_auth', ms);
  expect(latency.summary()).toMatchObject({ count: 4, shareWithinTarget: 0.75 });
  const counts = countByBucket(latency.sorted());
  expect(counts.slice(0, 8).reduce((sum, count) => sum + count)).toBe(3);
});

test('only the latest writes count, for all and for each app', () => {
  const latency = new WriteLatency();
  for (let index = 0; index < 5_000; index += 1) latency.observe('scholar_auth', index < 1_000 ? 900 : 1);
  expect(latency.summary()).toMatchObject({ count: 4_096, p99: 900 });
  expect(latency.ofApp('scholar_auth')).toMatchObject({ count: 512, p99: 1 });
  expect(latency.ofApp('student_pilot')).toMatchObject({ count: 0, p95: null });
});
