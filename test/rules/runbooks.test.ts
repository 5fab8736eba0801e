import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alertsOf, readGroups } from '../../charts/slo/read-rules.ts';
import { repositoryRoot } from './source-files.ts';

const folder = join(repositoryRoot, 'docs', 'runbooks');
const alerts = alertsOf(readGroups(join(repositoryRoot, 'charts')));
const pages = readdirSync(folder).filter((name) => name.endsWith('.md'));

test('the page that an alert names is there, and names the alert', () => {
  expect(alerts.length).toBeGreaterThan(0);
  const broken = alerts.filter(({ alert, annotations }) => {
    const path = join(repositoryRoot, annotations.runbook);
    return !existsSync(path) || !readFileSync(path, 'utf8').includes(`\`${alert}\``);
  });
  expect(broken.map(({ alert, annotations }) => `${alert}: ${annotations.runbook}`)).toEqual([]);
});

test('a page names no alert that is not there', () => {
  const known = new Set(alerts.map(({ alert }) => alert));
  const named = pages.flatMap((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    const paragraphs = text.split('\n\n').filter((paragraph) => /^Alerts? `/.test(paragraph));
    return paragraphs.flatMap((paragraph) =>
      [...paragraph.matchAll(/`([A-Z]\w+)`/g)].map(([, alert = '']) => ({ name, alert })),
    );
  });
  expect(named.length).toBeGreaterThan(alerts.length / 2);
  expect(named.filter(({ alert }) => !known.has(alert))).toEqual([]);
});

test('every page is reached: from an alert, or from another page', () => {
  const led = new Set(alerts.map(({ annotations }) => annotations.runbook));
  const others = pages.filter((name) => !led.has(`docs/runbooks/${name}`));
  const docs = join(repositoryRoot, 'docs');
  const texts = readdirSync(docs)
    .filter((name) => name.endsWith('.md'))
    .map((name) => readFileSync(join(docs, name), 'utf8'));
  expect(others.filter((name) => !texts.some((text) => text.includes(`](runbooks/${name}`)))).toEqual([]);
});

test('a page of an alert says what to look at, what to do and when it is over', () => {
  const led = new Set(alerts.map(({ annotations }) => annotations.runbook));
  const broken = [...led].filter((path) => {
    const text = readFileSync(join(repositoryRoot, path), 'utf8');
    return (
      !/^## When it is over$/m.test(text) ||
      !/^## What to (look at|do)$|^\| what you see|^\| which rows/m.test(text)
    );
  });
  expect(broken).toEqual([]);
});
