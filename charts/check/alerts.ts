import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface RuleFiles {
  /** With the `groups:` that a chart's template puts around its rules. */
  rules: string[];
  /** Tests of them, for `promtool test rules`. */
  tests: string[];
}

/**
 * Lays out what promtool reads: the rules of all charts as files of Prometheus, and the tests beside them, which name them.
 * @throws Error when two charts have a file of one name.
 */
export function layOutAlerts(charts: string, folder: string, of: readonly string[]): RuleFiles {
  mkdirSync(folder, { recursive: true });
  const sources = of.flatMap((chart) => yamlFiles(join(charts, chart, 'rules')));
  const names = sources.map((path) => basename(path));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`two charts have rules/${twice}`);
  const write = (path: string, text: string): string => {
    const written = join(folder, path);
    writeFileSync(written, text);
    return written;
  };
  const rules = sources.map((path) =>
    write(basename(path), `groups:\n${indented(readFileSync(path, 'utf8'))}`),
  );
  const tests = yamlFiles(join(charts, 'check', 'alerts')).map((path) =>
    write(`test-${basename(path)}`, readFileSync(path, 'utf8')),
  );
  return { rules, tests };
}

function yamlFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join(folder, name));
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gmu, '  ');
}
