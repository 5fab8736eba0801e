import { allWindows, BURN_WINDOWS } from './burn-windows.ts';
import type { EventsObjective, Objective } from './objective.ts';
import { OBJECTIVES } from './objectives.ts';
import { alertsOf } from './read-rules.ts';
import { groupsOf, ruleFiles } from './rule-files.ts';
import { rulesOf } from './rules-of.ts';

const EVENTS: EventsObjective = {
  kind: 'events',
  name: 'answers',
  chart: 'hub',
  by: ['namespace', 'app'],
  metric: 'slow_answers',
  good: 'answer_seconds_bucket{le="1"}',
  all: 'answer_seconds_count',
  target: 0.999,
  atLeast: 50,
  alert: 'Answers',
  promise: 'an answer takes a second at most',
  summary: (window) => `{{ $value }} of the last ${window}`,
  runbook: 'docs/runbooks/answers.md',
};

test('each window has a step that divides it, so that all of it counts and no more', () => {
  for (const { minutes, stepMinutes } of allWindows()) expect(minutes % stepMinutes).toBe(0);
  expect(allWindows().map(({ name }) => name)).toEqual(['5m', '30m', '1h', '2h', '6h', '1d', '3d']);
});

test('an alert asks for a long window, a short one that is still burning, and enough events', () => {
  const alerts = alertsOf([{ name: 'g', rules: rulesOf(EVENTS) }]);
  expect(alerts.map(({ alert, labels }) => [alert, labels['window'], labels.severity])).toEqual([
    ['AnswersBurnsFast', '1h', 'critical'],
    ['AnswersBurnsFast', '6h', 'critical'],
    ['AnswersBurns', '1d', 'warning'],
    ['AnswersBurns', '3d', 'warning'],
  ]);
  expect(alerts[0]?.expr).toBe(
    'namespace_app:slow_answers:ratio_1h > 14.4 * 0.001\n' +
      '  and namespace_app:slow_answers:ratio_5m > 14.4 * 0.001\n' +
      '  and namespace_app:slow_answers:increase_1h >= 50',
  );
});

test('what an expression reads of recorded series is recorded before it in the same group', () => {
  for (const { rules } of groupsOf(OBJECTIVES)) {
    const seen = new Set<string>();
    for (const rule of rules) {
      const read = rule.expr.match(/\w+:\w+:\w+/g) ?? [];
      expect(read.filter((name) => !seen.has(name))).toEqual([]);
      if ('record' in rule) seen.add(rule.record);
    }
  }
});

test('a recorded name is level:metric:operation, the level being the labels that are left, and each is recorded once', () => {
  const records = OBJECTIVES.flatMap((objective) =>
    rulesOf(objective).flatMap((rule) => ('record' in rule ? [{ objective, name: rule.record }] : [])),
  );
  for (const { objective, name } of records)
    expect(name).toMatch(new RegExp(`^${objective.by.join('_')}:[a-z0-9_]+:[a-z0-9_]+$`));
  expect(new Set(records.map(({ name }) => name)).size).toBe(records.length);
});

test('an objective promises less than everything, and allows the fastest burn to be measured', () => {
  const budgeted = OBJECTIVES.filter((objective) => objective.kind !== 'never');
  expect(budgeted.length).toBeGreaterThan(0);
  const fastest = Math.max(...BURN_WINDOWS.map(({ factor }) => factor));
  for (const { target } of budgeted) {
    expect(target).toBeLessThan(1);
    // A limit above 1 would be an alert that nothing can raise.
    expect((1 - target) * fastest).toBeLessThan(1);
  }
});

test('the same table gives the same bytes, and every objective its group in the file of its chart', () => {
  const reordered: Objective[] = OBJECTIVES.map((objective) => ({ ...objective }));
  expect(ruleFiles(reordered)).toEqual(ruleFiles(OBJECTIVES));
  for (const { name, chart } of OBJECTIVES) {
    const [, text = ''] =
      [...ruleFiles(OBJECTIVES)].find(([path]) => path.startsWith(`charts/${chart}/`)) ?? [];
    expect(text).toContain(`- name: scholar-slo-${name}\n`);
  }
});
