import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mutant } from './mutants.ts';

const OUTBOX = join(import.meta.dirname, '..', '..');
const NODE_MODULES = join(OUTBOX, '..', '..', '..', 'node_modules');
/** explore-forever.ts ends with it when a promise was broken. */
const FOUND = 3;

export type Trial =
  | { outcome: 'found'; seconds: number; how: string }
  | { outcome: 'survived'; lives: number }
  /** It does not run, or does not fit the source any more: no verdict about the model. */
  | { outcome: 'void'; why: string };

/** The source with the mistake in it. @throws Error when the text to replace is not there exactly once */
export function mutated(source: string, { find, replace, file, name }: Mutant): string {
  const places = source.split(find).length - 1;
  if (places !== 1)
    throw new Error(`"${name}" fits ${places} places of ${file}: bring the mutant up to date`);
  return source.replace(find, () => replace);
}

/** Lets the model look at a copy of the outbox with this mistake; without one, at an honest copy. */
export async function tryMutant(
  mutant: Mutant | undefined,
  { seconds, seed }: { seconds: number; seed: number },
): Promise<Trial> {
  const folder = await mkdtemp(join(tmpdir(), 'outbox-mutant-'));
  try {
    await cp(OUTBOX, join(folder, 'outbox'), { recursive: true });
    await symlink(NODE_MODULES, join(folder, 'node_modules'));
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    if (mutant !== undefined) {
      const file = join(folder, 'outbox', mutant.file);
      await writeFile(file, mutated(await readFile(file, 'utf8'), mutant));
    }
    const began = performance.now();
    const { code, stdout, stderr } = await explore(folder, [seconds, seed].map(String));
    if (code === 0) return { outcome: 'survived', lives: Number(stdout) };
    const how = stderr.split('\n', 1)[0] ?? '';
    if (code !== FOUND) return { outcome: 'void', why: stderr.slice(0, 500) };
    return { outcome: 'found', seconds: (performance.now() - began) / 1000, how };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function explore(
  folder: string,
  args: string[],
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const script = join(folder, 'outbox', 'testing', 'model', 'explore-forever.ts');
  const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
