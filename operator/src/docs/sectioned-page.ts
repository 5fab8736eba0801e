import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A generated page with one section per target, of which the latest run replaces its own only. */
export interface SectionedPage {
  path: string;
  title: string;
  /** Says what made the page, so that nobody edits it by hand. */
  intro: string;
  section: 'local' | 'cluster';
  body: string;
}

const NAMES = { local: 'This machine', cluster: 'On Kubernetes' };

/** Writes the page with this section replaced and the other target's kept. @returns the path. */
export async function writeSection(page: SectionedPage): Promise<string> {
  const before = await readFile(page.path, 'utf8').catch(() => '');
  const sections = {
    ...sectionsOf(before),
    [page.section]: `${mark(page.section)}\n## ${NAMES[page.section]}\n\n${page.body.trim()}\n${endMark(page.section)}`,
  };
  const order = (['local', 'cluster'] as const).flatMap((name) => sections[name] ?? []);
  await mkdir(dirname(page.path), { recursive: true });
  await writeFile(page.path, `# ${page.title}\n\n${page.intro}\n\n${order.join('\n\n')}\n`);
  return page.path;
}

/** Pure: the marked sections of a page, by target. */
export function sectionsOf(text: string): Partial<Record<'local' | 'cluster', string>> {
  const found: Partial<Record<'local' | 'cluster', string>> = {};
  for (const name of ['local', 'cluster'] as const) {
    const start = text.indexOf(mark(name));
    const end = text.indexOf(endMark(name));
    if (start >= 0 && end > start) found[name] = text.slice(start, end + endMark(name).length);
  }
  return found;
}

function mark(name: string): string {
  return `<!-- section: ${name} -->`;
}

function endMark(name: string): string {
  return `<!-- end: ${name} -->`;
}

/** @returns a Markdown table; a bar in a cell is escaped. */
export function markdownTable(head: string[], rows: (string | number | boolean | null)[][]): string {
  const line = (cells: (string | number | boolean | null)[]) =>
    `| ${cells.map((cell) => String(cell ?? '-').replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
