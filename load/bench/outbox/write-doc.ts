import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fillSections } from '../markdown.ts';
import { renderSections } from './render.ts';
import type { BenchResult } from './result.ts';

/** Writes the generated sections of docs/BENCHMARKS.md from load/bench/results/latest.json. Needs nothing but Node. */
const root = new URL('../../../', import.meta.url);
const document = new URL('docs/BENCHMARKS.md', root);
const file = new URL('load/bench/results/latest.json', root);
const result = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as BenchResult) : undefined;

writeFileSync(document, fillSections(readFileSync(document, 'utf8'), renderSections(result)));
process.stdout.write('docs/BENCHMARKS.md: its tables are those of load/bench/results/latest.json\n');
