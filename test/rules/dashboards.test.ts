import { FOREIGN_METRICS } from '../../charts/dashboards/foreign-metrics.ts';
import { readPromql } from '../../charts/dashboards/lint/read-promql.ts';
import { committedBoards, shownPanels } from '../../charts/dashboards/read-boards.ts';
import { declaredMetrics } from '../metrics/metric-tables.ts';

/** What Prometheus adds to a series by its target, and what histograms have. */
const ADDED = ['namespace', 'pod', 'app', 'le'];
const HISTOGRAM_PART = /_(bucket|count|sum)$/;

const declared = declaredMetrics();
const foreign = new Set(Object.values(FOREIGN_METRICS).flat());
const uses = committedBoards().flatMap(({ board }) =>
  shownPanels(board).flatMap(({ title, targets = [] }) =>
    targets.flatMap(({ expr }) => readPromql(expr).map((selector) => ({ title, selector }))),
  ),
);

test('every metric of a dashboard is declared by a process, with the labels that are selected by, or is in the list of the others', () => {
  expect(uses.length).toBeGreaterThan(80);
  const broken = uses.flatMap(({ title, selector: { metric, matchers } }) => {
    if (foreign.has(metric)) return [];
    const definition = declared.get(metric) ?? histogram(metric);
    if (definition === undefined) return [`${title}: ${metric} is declared by nobody`];
    const known = [...ADDED, ...(definition.labels ?? [])];
    return Object.keys(matchers)
      .filter((label) => !known.includes(label))
      .map((label) => `${title}: ${metric} has no label ${label}`);
  });
  expect(broken).toEqual([]);
});

test('the list of the others has none of ours, and none that no dashboard names', () => {
  expect([...foreign].filter((name) => declared.has(name))).toEqual([]);
  const named = new Set([
    ...uses.map(({ selector }) => selector.metric),
    ...committedBoards().flatMap(({ board }) =>
      (board.templating?.list ?? []).map(
        ({ query }) => /^label_values\((\w+)/.exec(String(query))?.[1] ?? '',
      ),
    ),
  ]);
  expect([...foreign].filter((name) => !named.has(name))).toEqual([]);
});

function histogram(name: string): { labels?: readonly string[] } | undefined {
  const definition = declared.get(name.replace(HISTOGRAM_PART, ''));
  return definition?.type === 'histogram' ? definition : undefined;
}
