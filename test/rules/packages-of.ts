import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './source-files.ts';

type Locked = {
  link?: boolean;
  resolved?: string;
  integrity?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
};

/** What package-lock.json holds, by folder. */
export const LOCKED: Readonly<Record<string, Locked>> = JSON.parse(
  readFileSync(join(repositoryRoot, 'package-lock.json'), 'utf8'),
).packages;

/** The names of all packages of others that these of ours run with, the dependencies of dependencies among them. */
export function packagesOf(folders: readonly string[]): string[] {
  const seen = new Set<string>();
  const open = [...folders];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    if (seen.has(folder)) continue;
    seen.add(folder);
    const { dependencies, optionalDependencies } = LOCKED[folder] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies }))
      open.push(installed(folder, name));
  }
  return [...seen]
    .filter((folder) => folder.includes('node_modules/'))
    .map(nameOf)
    .sort();
}

/** Where Node finds a package that another one asks for: beside it, or in a folder above. */
function installed(from: string, name: string): string {
  for (let above = from; ; above = above.replace(/(?:^|\/)[^/]*$/u, '')) {
    const folder = `${above === '' ? '' : `${above}/`}node_modules/${name}`;
    const locked = LOCKED[folder];
    if (locked) return locked.link && locked.resolved ? locked.resolved : folder;
    if (above === '') return folder;
  }
}

function nameOf(folder: string): string {
  return folder.split('node_modules/').at(-1) ?? folder;
}
