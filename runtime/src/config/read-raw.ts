import { readFileSync } from 'node:fs';
import type { Env } from './env.ts';
import type { SettingKind } from './setting.ts';

/** Where a raw value came from. `trouble` is a sentence for people when something was in the way. */
export type Raw = {
  source: 'env' | 'file' | 'unset';
  value?: string;
  path?: string;
  trouble?: string;
  /** Two names at once: which one was meant cannot be known. */
  ambiguous?: boolean;
};

/**
 * Looks a key up: `KEY`, then (for secrets and URLs) `KEY_FILE`, then the same for each alias. An empty variable
 * counts as unset. Files lose one trailing newline. Reads the disk, never throws.
 */
export function readRaw(key: string, spec: { kind: SettingKind; aliases: readonly string[] }, env: Env): Raw {
  for (const name of [key, ...spec.aliases]) {
    const raw = readName(name, spec.kind, env);
    if (raw.source !== 'unset') return raw;
  }
  return { source: 'unset' };
}

function readName(name: string, kind: SettingKind, env: Env): Raw {
  const direct = env[name];
  const path = kind === 'secret' || kind === 'url' ? env[`${name}_FILE`] : undefined;
  if (direct && path) {
    const trouble = `${name} and ${name}_FILE are both set: keep one of them`;
    return { source: 'env', value: direct, path, trouble, ambiguous: true };
  }
  if (path) return readFile(name, path);
  return direct ? { source: 'env', value: direct } : { source: 'unset' };
}

function readFile(name: string, path: string): Raw {
  try {
    const value = trimNewline(readFileSync(path, 'utf8'));
    if (value !== '') return { source: 'file', path, value };
    return { source: 'file', path, trouble: describeEmpty(name, path) };
  } catch (error) {
    return { source: 'file', path, trouble: describeUnreadable(name, path, error) };
  }
}

/** What to say of a file that holds nothing. */
export function describeEmpty(name: string, path: string): string {
  return `the file of ${name}_FILE (${path}) is empty: write the value into it`;
}

/** Why the file of `<name>_FILE` could not be read, and what to do. */
export function describeUnreadable(name: string, path: string, error: unknown): string {
  const code = errorCode(error) ?? String(error);
  const remedy =
    code === 'ENOENT' ? 'create it or correct the path' : 'make it a file that this process may read';
  return `the file of ${name}_FILE (${path}) cannot be read (${code}): ${remedy}`;
}

/** The code that Node puts on errors of the system, e.g. ENOENT. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Editors and `echo` end a file with a newline that is not part of the value. Only one is taken off. */
export function trimNewline(text: string): string {
  return text.replace(/\r?\n$/, '');
}
