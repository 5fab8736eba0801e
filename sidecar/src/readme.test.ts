import { readFileSync } from 'node:fs';
import { USAGE } from './cli/arguments.ts';
import { FORWARDER_SETTINGS } from './config.ts';
import { FORWARDER_METRICS } from './metrics.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** The first cells of the table under a heading. */
function table(heading: string): string[][] {
  const section = readme.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

test('the table of settings is the declared shape, sentence by sentence', () => {
  const declared = Object.entries(FORWARDER_SETTINGS).map(([key, { default: fallback, description }]) => [
    `\`${key}\``,
    fallback === undefined ? '–' : `\`${fallback}\``,
    description,
  ]);
  expect(table('Settings')).toEqual(declared);
});

test('the table of metrics is the exported table, sentence by sentence', () => {
  const declared = Object.entries(FORWARDER_METRICS).map(([name, { type, help }]) => [
    `\`${name}\``,
    type,
    help,
  ]);
  expect(table('Metrics')).toEqual(declared);
});

test('the usage of the outbox command is there word for word', () => {
  expect(readme).toContain(USAGE.trimEnd());
});
