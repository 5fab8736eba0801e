import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fillSections } from './markdown.ts';

const ROOT = new URL('../../', import.meta.url);

/** Writes the generated sections of a document from a result, which need not be there. Needs nothing but Node. Paths from the root. */
export function writeDocument<Result>(o: {
  document: string;
  result: string;
  render: (result: Result | undefined) => Readonly<Record<string, string>>;
}): void {
  const [document, file] = [new URL(o.document, ROOT), new URL(o.result, ROOT)];
  const result = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Result) : undefined;
  writeFileSync(document, fillSections(readFileSync(document, 'utf8'), o.render(result)));
  process.stdout.write(`${o.document}: its tables are those of ${o.result}\n`);
}
