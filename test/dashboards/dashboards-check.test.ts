import { filled } from '../../charts/dashboards/filled.ts';
import { committedBoards, shownPanels } from '../../charts/dashboards/read-boards.ts';
import { type Asked, named, withoutData } from './ask-panel.ts';
import { drawBoard } from './draw-board.ts';
import { isElsewhere } from './elsewhere.ts';
import { formatValue } from './picture/format-value.ts';

const FILLING = { rateIntervalS: 20, rangeS: 90, values: { namespace: '.*', app: '.*' } };
const WINDOW = { from: 1_000, to: 1_090, stepS: 5 };

const answered = (series: Asked['targets'][number]['series']): Asked => ({
  panel: { type: 'timeseries', gridPos: { x: 0, y: 0, w: 12, h: 8 } },
  targets: [{ expr: 'up', legend: '', series }],
});

test('an expression is asked as Grafana asks it, and one with a variable that nobody chose is not asked', () => {
  const expr = 'sum(rate(a_total{namespace=~"$namespace"}[$__rate_interval])) + max_over_time(b[$__range])';
  expect(filled(expr, FILLING)).toBe('sum(rate(a_total{namespace=~".*"}[20s])) + max_over_time(b[90s])');
  expect(() => filled('a{pod="$pod"}', FILLING)).toThrow('$pod has no value');
});

test('no series and no number are no data; a zero is', () => {
  expect(withoutData(answered([]))).toEqual(['up']);
  expect(withoutData(answered([{ labels: {}, points: [[1_000, Number.NaN]] }]))).toEqual(['up']);
  expect(withoutData(answered([{ labels: {}, points: [[1_000, 0]] }]))).toEqual([]);
});

test('only what nobody tells here may be without data', () => {
  const alone = { hasOperator: false };
  expect(isElsewhere('sum(kube_pod_status_ready)', alone)).toBe(true);
  expect(isElsewhere('sum(rate(operator_pass_seconds_bucket[5m]))', alone)).toBe(true);
  expect(isElsewhere('sum(rate(operator_pass_seconds_bucket[5m]))', { hasOperator: true })).toBe(false);
  expect(isElsewhere('max(operator_guards_failed)', { hasOperator: true })).toBe(true);
  expect(isElsewhere('sum(forwarder_queue_depth)', alone)).toBe(false);
  expect(isElsewhere('kube_pod_status_ready + forwarder_queue_depth', alone)).toBe(false);
});

test('a legend takes the labels of its series', () => {
  expect(named('{{app}} {{ class }}', { app: 'A', class: 'b' })).toBe('A b');
  expect(named('{{app}} {{class}}', { app: 'A' })).toBe('A');
});

test.each<[number, string, string]>([
  [0.0123, 's', '12.3 ms'],
  [90, 's', '1.5 min'],
  [1_536, 'bytes', '1.5 KiB'],
  [0.955, 'percentunit', '95.5 %'],
  [12_000, 'none', '12k'],
  [Number.NaN, 'none', '–'],
])('%d %s is shown as %s', (value, unit, text) => {
  expect(formatValue(value, unit)).toBe(text);
});

test('a picture has every panel with what was answered, and says where nothing was', () => {
  for (const { board } of committedBoards()) {
    const panels = shownPanels(board);
    const asked = panels.map((panel, index) => ({
      panel,
      targets: (panel.targets ?? []).map(({ expr, legendFormat = '' }) => ({
        expr,
        legend: legendFormat,
        series:
          index === 0
            ? []
            : [
                {
                  labels: { app: 'a<b' },
                  points: [
                    [1_000, 1],
                    [1_090, 2],
                  ] as const,
                },
              ],
      })),
    }));
    const svg = drawBoard(board, asked, { window: WINDOW, note: 'then' });
    expect(svg.match(/class="t"/g)).toHaveLength(panels.length);
    expect(svg.match(/No data here/g)).toHaveLength(1);
    expect(svg).not.toContain('a<b');
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    expect(Buffer.byteLength(svg)).toBeLessThan(40 * 1_024);
  }
});
