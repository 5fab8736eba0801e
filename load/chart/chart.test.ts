import { barChart } from './bar-chart.ts';
import { laneChart } from './lane-chart.ts';
import { lineChart, pathOf } from './line-chart.ts';
import { linearScale, logScale, niceStep } from './scale.ts';

test('a scale has round numbers at its lines, and its ends where they were told to be', () => {
  const { at, ticks } = linearScale({ low: 0, high: 95, from: 10, to: 110 }, 5);
  expect(ticks).toEqual([0, 20, 40, 60, 80]);
  expect([at(0), at(95), at(200)]).toEqual([10, 110, 110]);
  expect([0.3, 7, 1, 2.1].map(niceStep)).toEqual([0.5, 10, 1, 5]);
});

test('a logarithmic scale puts powers of ten at equal distances, and 0 on its edge', () => {
  const { at, ticks } = logScale({ low: 1, high: 100, from: 0, to: 200 });
  expect([at(1), at(10), at(100), at(0)]).toEqual([0, 100, 200, 0]);
  expect(ticks).toEqual([1, 2, 5, 10, 20, 50, 100]);
});

test('a level stretch is two points; steps keep their corners', () => {
  const level = [0, 1, 2, 3].map((x) => [x, 5] as const);
  expect(pathOf(level, false)).toBe('M0 5L3 5');
  expect(pathOf([...level, [4, 9]], true)).toBe('M0 5H3V5H4V9');
  expect(pathOf([], false)).toBe('');
});

const line = (name: string) =>
  lineChart({
    ...{ title: name, about: name, x: { unit: 's', low: 0, high: 1 }, y: { unit: 'ms', log: true } },
    series: [{ name, points: [] }],
    limits: [{ y: 150, name }],
    bands: [{ from: 0, to: 1, name }],
  });

test('no text of a picture is markup', () => {
  const odd = '</title><script>"&';
  const pictures = [
    line(odd),
    barChart({ title: odd, about: odd, unit: odd, groups: [{ name: odd, bars: [{ name: odd, value: 1 }] }] }),
    laneChart({
      ...{ title: odd, about: odd, x: { unit: odd, low: 0, high: 1 } },
      lanes: [{ name: odd, spans: [{ from: 0, to: 1, tone: 'good', name: odd }] }],
    }),
  ];
  for (const svg of pictures) {
    expect(svg).not.toContain('<script');
    expect(svg.match(/<title>/gu)?.length).toBe(svg.match(/<\/title>/gu)?.length);
  }
});

test('without a value there is still a picture, and no place in it that is no number', () => {
  expect(line('empty')).not.toMatch(/NaN|Infinity/);
  expect(barChart({ title: 't', about: 'a', unit: 'ms', log: true, groups: [] })).not.toMatch(/NaN|Infinity/);
});
