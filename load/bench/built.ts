import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { processEnv } from '@scholar/runtime/config';
import { type Command, runToEnd } from './launch.ts';

export const BUILD_MS = 900_000;

/** Where what is built or installed for a benchmark is kept between runs: outside of the checkout. */
export function cacheFolder(): string {
  const base = processEnv()['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return join(base, 'scholar-bench');
}

/** Makes what is not in the cache yet. @throws Error when it is not there afterwards */
export async function once(
  path: string,
  say: (text: string) => void,
  make: () => Promise<void>,
): Promise<void> {
  if (existsSync(path)) return;
  say(`making, once: ${path.split('/').at(-2)}`);
  await make();
  if (!existsSync(path)) throw new Error(`${path} was not made`);
}

/** Runs the go command. */
export async function go(args: readonly string[], env: Record<string, string> = {}): Promise<void> {
  const command: Command = { file: 'go', args, env: { ...wholeEnvironment(), ...env } };
  await runToEnd(command, BUILD_MS);
}

/** Both clients are told by the environment where their caches and proxies are. */
export function wholeEnvironment(): Record<string, string> {
  return Object.fromEntries(Object.entries(processEnv()).map(([name, value]) => [name, value ?? '']));
}
