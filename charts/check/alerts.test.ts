import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { alertsOf, readGroups } from '../slo/read-rules.ts';
import { layOutAlerts } from './alerts.ts';

/** What a file of `promtool test rules` says of alerts. */
interface AlertTest {
  alertname: string;
  exp_alerts: { exp_labels: Record<string, string>; exp_annotations?: Record<string, string> }[];
}

const charts = join(import.meta.dirname, '..');
const groups = readGroups(charts);
const alerts = alertsOf(groups);
const tried = readTests();

test('every alert has a severity, a summary, a description and a runbook', () => {
  expect(alerts.length).toBeGreaterThan(20);
  for (const { alert, labels, annotations } of alerts) {
    expect([alert, labels.severity]).toEqual([alert, expect.stringMatching(/^(critical|warning)$/)]);
    expect([alert, Object.keys(annotations).sort()]).toEqual([alert, ['description', 'runbook', 'summary']]);
  }
});

test('every alert, in each of its windows, is raised in a test of promtool', () => {
  const missing = alerts.filter(
    (rule) => !ofName(rule.alert).some((one) => raises(one, rule.labels['window'])),
  );
  expect(missing.map(name)).toEqual([]);
});

test('every alert, in each of its windows, is held back in a test of promtool', () => {
  const missing = alerts.filter((rule) =>
    ofName(rule.alert).every((one) => raises(one, rule.labels['window'])),
  );
  expect(missing.map(name)).toEqual([]);
});

test('the tests of promtool name no alert that is not there', () => {
  const known = new Set(alerts.map(({ alert }) => alert));
  expect(tried.map(({ alertname }) => alertname).filter((alertname) => !known.has(alertname))).toEqual([]);
});

test('a rule that was named twice would hide the other', () => {
  const names = groups.flatMap(({ rules }) =>
    rules.map((rule) => ('alert' in rule ? name(rule) : rule.record)),
  );
  expect(names.filter((one, index) => names.indexOf(one) !== index)).toEqual([]);
  const ofGroups = groups.map((group) => group.name);
  expect(new Set(ofGroups).size).toBe(ofGroups.length);
});

test('the rules get the frame that Prometheus wants, and keep their text', () => {
  const folder = mkdtempSync(join(tmpdir(), 'scholar-alerts-'));
  try {
    const { rules, tests } = layOutAlerts(charts, folder, ['hub', 'scholar']);
    const framed = rules.map((path) => parse(readFileSync(path, 'utf8')) as { groups: typeof groups });
    expect(framed.flatMap((file) => file.groups.map((group) => group.name)).sort()).toEqual(
      groups.map((group) => group.name).sort(),
    );
    expect(tests).toHaveLength(readdirSync(join(charts, 'check', 'alerts')).length);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function readTests(): AlertTest[] {
  const folder = join(charts, 'check', 'alerts');
  return readdirSync(folder).flatMap((file) => {
    const { tests } = parse(readFileSync(join(folder, file), 'utf8')) as {
      tests: { alert_rule_test?: AlertTest[] }[];
    };
    return tests.flatMap((one) => one.alert_rule_test ?? []);
  });
}

function ofName(alert: string): AlertTest[] {
  return tried.filter(({ alertname }) => alertname === alert);
}

function raises({ exp_alerts: expected }: AlertTest, window: string | undefined): boolean {
  return expected.some(({ exp_labels: labels }) => labels['window'] === window);
}

function name({ alert, labels }: { alert: string; labels: Record<string, string> }): string {
  return labels['window'] === undefined ? alert : `${alert} ${labels['window']}`;
}
