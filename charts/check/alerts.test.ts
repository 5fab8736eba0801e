import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layOutAlerts } from './alerts.ts';

const charts = join(import.meta.dirname, '..');
const texts = ['hub', 'scholar'].flatMap((chart) => {
  const folder = join(charts, chart, 'rules');
  return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
});

test('every runbook that an alert names is there', () => {
  const named = texts.flatMap((text) => [...text.matchAll(/runbook: (\S+)/g)].map(([, path = '']) => path));
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((path) => !existsSync(join(charts, '..', path)))).toEqual([]);
});

test('every alert that has a runbook is raised in a test of promtool, and is held back in one', () => {
  const tests = readFileSync(join(charts, 'check', 'alerts', 'truth-table.yaml'), 'utf8');
  const rules = texts
    .flatMap((text) => text.split('- alert: ').slice(1))
    .filter((rule) => rule.includes('runbook:'));
  const names = rules.map((rule) => rule.split('\n', 1)[0]);
  expect(names.length).toBe(7);
  for (const name of names) {
    expect(tests).toMatch(
      new RegExp(`alertname: ${name}\\n\\s+exp_alerts:(?! \\[\\])|alertname: ${name}, exp_alerts: \\*`),
    );
    expect(tests).toContain(`alertname: ${name}, exp_alerts: []`);
  }
});

test('the rules get the frame that Prometheus wants, and keep their text', () => {
  const folder = mkdtempSync(join(tmpdir(), 'scholar-alerts-'));
  try {
    const { rules, tests } = layOutAlerts(charts, folder, ['hub', 'scholar']);
    expect(rules.length).toBe(texts.length);
    for (const path of rules) expect(readFileSync(path, 'utf8')).toMatch(/^groups:\n {2}- name: /);
    expect(tests).toHaveLength(1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
