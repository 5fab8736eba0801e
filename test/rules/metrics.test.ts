import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readPromql } from '../../charts/promql/read-promql.ts';
import { alertsOf, readGroups } from '../../charts/slo/read-rules.ts';
import { declaredMetrics, METRIC_SOURCES } from '../metrics/metric-tables.ts';
import { metricsPage } from '../metrics/metrics-page.ts';
import { undeclared } from '../metrics/undeclared.ts';
import { repositoryRoot, sourceFiles } from './source-files.ts';

const declared = declaredMetrics();
const groups = readGroups(join(repositoryRoot, 'charts'));
const recorded = new Set(
  groups.flatMap(({ rules }) => rules.flatMap((rule) => ('record' in rule ? [rule.record] : []))),
);
const uses = groups.flatMap(({ rules }) => rules.flatMap((rule) => readPromql(rule.expr)));

test('the metrics of an expression are found, and its words, functions, labels and texts are not taken for some', () => {
  const expression = `sum by (app, x) (increase(a_total{canary="false", code=~"b|c"}[1h] offset 1d)) > bool 3
    unless on (app) max without (pod) (ns:b_late:ratio_1h) / 2 and group by (app) (c_seconds_bucket{le="0.15"})`;
  const found = readPromql(expression).map(({ metric, matchers }) => ({
    name: metric,
    labels: Object.keys(matchers),
  }));
  expect(found).toEqual([
    { name: 'a_total', labels: ['canary', 'code'] },
    { name: 'ns:b_late:ratio_1h', labels: [] },
    { name: 'c_seconds_bucket', labels: ['le'] },
  ]);
});

test('every metric that a rule reads is declared by a process, with the labels that the rule selects by', () => {
  expect(uses.length).toBeGreaterThan(50);
  const broken = uses.flatMap((selector) => (recorded.has(selector.metric) ? [] : undeclared(selector)));
  expect(broken).toEqual([]);
});

test('no two processes mean different things by one name', () => {
  const names = METRIC_SOURCES.flatMap(({ table }) => Object.keys(table));
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test('every table of metrics of a process is in the list that docs/metrics.md is made from', () => {
  const files = sourceFiles()
    .map((file) => relative(repositoryRoot, file))
    .filter((file) => !/\.test\.ts$|\/testing\/|^test\//.test(file))
    .filter((file) => /= defineMetrics\(/.test(readFileSync(join(repositoryRoot, file), 'utf8')));
  expect(METRIC_SOURCES.map(({ file }) => file).sort()).toEqual(files.sort());
});

test('docs/metrics.md has every declared metric, and no other', () => {
  const page = readFileSync(join(repositoryRoot, 'docs', 'metrics.md'), 'utf8');
  expect(page).toBe(metricsPage(METRIC_SOURCES));
  const named = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name = '']) => name);
  expect(named.sort()).toEqual([...declared.keys()].sort());
});

test('alerts are about what is declared here: each reads at least one metric', () => {
  for (const { alert, expr } of alertsOf(groups))
    expect([alert, readPromql(expr).length]).not.toEqual([alert, 0]);
});
