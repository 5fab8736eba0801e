import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { APP_LABELS, APPS, HUB_LABEL } from '@scholar/contract';
import { portsFrom } from '@scholar/operator/target/local/layout';
import { type LocalSystem, repositoryRoot } from '../local-system.ts';

export type Series = { name: string; labels: Readonly<Record<string, string>> };

/** The metrics of A1-A8 and of every forwarder, by the names that docs/BENCHMARKS_SEEN.md gives them. */
export async function seriesOf(system: LocalSystem): Promise<{ process: string; series: Series[] }[]> {
  const { a8 } = await system.status();
  const ports = portsFrom(Number(new URL(a8.url).port) - 8);
  const read = async (process: string, port: number) => {
    const response = await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(30_000) });
    return { process, series: parseSeries(await response.text()) };
  };
  return Promise.all([
    read('A8', ports.ops(HUB_LABEL)),
    ...APP_LABELS.map((label) => read(label, ports.ops(label))),
    ...APP_LABELS.map((label) => read(`forwarder of ${APPS[label].number}`, ports.forwarderOps(label))),
  ]);
}

/** Pure. The samples of a page in Prometheus' text format. */
export function parseSeries(page: string): Series[] {
  return page.split('\n').flatMap((line) => {
    const [, name, labels = ''] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    if (name === undefined) return [];
    const pairs = labels.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g);
    return [{ name, labels: Object.fromEntries([...pairs].map(([, key = '', value = '']) => [key, value])) }];
  });
}

/** What the documentation promises: series at most, by the name of a process. */
function documentedBounds(): Map<string, number> {
  const text = readFileSync(join(repositoryRoot, 'docs', 'BENCHMARKS_SEEN.md'), 'utf8');
  const table = text.slice(text.indexOf('| process | series at most |')).split('\n\n', 1)[0] ?? '';
  const rows = table.matchAll(/^\| ([\w ]+) \| (\d+) \|$/gm);
  return new Map([...rows].map(([, name = '', bound]) => [name, Number(bound)]));
}

/** Pure. Processes with more series than the documentation allows, as sentences. */
export function beyondBounds(seen: readonly { process: string; series: readonly Series[] }[]): string[] {
  const bounds = documentedBounds();
  const boundOf = (process: string) =>
    bounds.get(process.startsWith('forwarder of ') ? 'a forwarder' : process) ?? 0;
  return seen
    .filter(({ process, series }) => series.length > boundOf(process))
    .map(({ process, series }) => `${process}: ${series.length} series, ${boundOf(process)} are allowed`);
}

/** Of the build and of Node: one value a process, whatever anybody sends. */
const OF_THE_BUILD = new Set(['version', 'revision', 'digest', 'major', 'minor', 'patch']);
const WORD = /^[a-z][a-z0-9_]{0,40}$/i;
/** A template: words, and parameters by their names. */
const ROUTE = /^(?:unmatched|other|(?:\/(?:[:*.]?[a-z][a-z0-9_.-]*|\{[:*/a-z_.-]+\})?)+)$/i;

/** Pure. Labels whose value is neither a word of a closed set, nor a bucket, nor a template: what an id or a path would be. */
export function oddLabels(series: readonly Series[]): string[] {
  const odd = series.flatMap(({ name, labels }) =>
    Object.entries(labels)
      .filter(([key, value]) => !OF_THE_BUILD.has(key) && !isFine(key, value))
      .map(([key, value]) => `${name} ${key}="${value}"`),
  );
  return [...new Set(odd)];
}

function isFine(key: string, value: string): boolean {
  if (key === 'le' || key === 'quantile') return /^(\+Inf|[\d.e-]+)$/.test(value);
  if (key === 'status') return /^[1-5]\d\d$/.test(value);
  if (key === 'reason' && /^\d{3}$/.test(value)) return true;
  return key === 'route' || key === 'origin' ? ROUTE.test(value) : WORD.test(value);
}
