import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pointsFile, writePoints } from './points.ts';
import { Metrics } from './registry.ts';

test('every sample is a line as k6 writes it, after one line that says what its metric is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'scholar-points-'));
  try {
    const file = join(folder, 'points.json');
    const points = writePoints(file, () => 0);
    const metrics = new Metrics({ onSample: points.onSample });
    metrics.add('http_req_duration', 12.5, { op: 'write' });
    metrics.add('http_req_duration', 7, { op: 'read' });
    await points.close();
    const lines = (await readFile(file, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const time = '1970-01-01T00:00:00.000Z';
    const metric = 'http_req_duration';
    expect(lines).toEqual([
      { type: 'Metric', metric, data: { name: metric, type: 'trend', contains: 'time' } },
      { type: 'Point', metric, data: { time, value: 12.5, tags: { op: 'write' } } },
      { type: 'Point', metric, data: { time, value: 7, tags: { op: 'read' } } },
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a file that cannot be written is an error and not a silence, and another kind of output is refused', async () => {
  const points = writePoints('/nowhere/at/all.json', () => 0);
  await expect(points.close()).rejects.toThrow(/ENOENT/);
  expect(pointsFile('json=a=b.json')).toBe('a=b.json');
  expect(() => pointsFile('csv=a')).toThrow(/json=FILE alone/);
});
