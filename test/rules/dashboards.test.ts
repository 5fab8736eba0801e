import { FOREIGN_METRICS } from '../../charts/dashboards/foreign-metrics.ts';
import { committedBoards, shownPanels } from '../../charts/dashboards/read-boards.ts';
import { readPromql } from '../../charts/promql/read-promql.ts';
import { declaredMetrics } from '../metrics/metric-tables.ts';
import { undeclared } from '../metrics/undeclared.ts';

const declared = declaredMetrics();
const foreign = new Set(Object.values(FOREIGN_METRICS).flat());
const uses = committedBoards().flatMap(({ board }) =>
  shownPanels(board).flatMap(({ title, targets = [] }) =>
    targets.flatMap(({ expr }) => readPromql(expr).map((selector) => ({ title, selector }))),
  ),
);

test('every metric of a dashboard is declared by a process, with the labels that are selected by, or is in the list of the others', () => {
  expect(uses.length).toBeGreaterThan(80);
  const broken = uses.flatMap(({ title, selector }) =>
    foreign.has(selector.metric) ? [] : undeclared(selector).map((what) => `${title}: ${what}`),
  );
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
