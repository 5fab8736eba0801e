import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export const repositoryRoot = join(import.meta.dirname, '..', '..');

const SKIPPED = new Set(['node_modules', 'dist', '.git', '.scholar', 'coverage']);

/** @returns every TypeScript file that we wrote, tests among them. */
export function sourceFiles(folder: string = repositoryRoot): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

/** @returns `contract`, `services/scholar_auth` and so on. */
export function packageOf(file: string): string {
  const [first = '', second = ''] = relative(repositoryRoot, file).split('/');
  return first === 'services' ? `${first}/${second}` : first;
}

/** @returns the specifiers of all static and dynamic imports and re-exports of a file. */
export function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const statements = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]|(?:^|\n)import\s+['"]([^'"]+)['"]/g,
  );
  return [...statements].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}
