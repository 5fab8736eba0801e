import { readFileSync, writeFileSync } from 'node:fs';
import { fillSections } from '../markdown.ts';
import { renderSections } from './render.ts';
import type { ScalingResult } from './result.ts';

/** Writes the generated sections of docs/SCALING.md from load/bench/results/scaling.json. Needs nothing but Node. */
const root = new URL('../../../', import.meta.url);
const document = new URL('docs/SCALING.md', root);
const result = JSON.parse(
  readFileSync(new URL('load/bench/results/scaling.json', root), 'utf8'),
) as ScalingResult;

writeFileSync(document, fillSections(readFileSync(document, 'utf8'), renderSections(result)));
process.stdout.write('docs/SCALING.md: its tables are those of load/bench/results/scaling.json\n');
