import { type Env, type SecretSource, type SettingsShape, secretSource } from '../config/index.ts';
import type { Running } from '../running/index.ts';

/** A key of a shape. That it is of kind `secret` is checked when it is asked for. */
export type SecretName<S extends SettingsShape> = keyof S & string;

export type Secrets = {
  has(name: string): boolean;
  /** @throws Error when no setting of kind `secret` has this name. */
  source(name: string): SecretSource;
  /** What `/running` shows of them now: a corrected file counts without a restart. */
  report(): Running['settings'];
  /** Names of those that are required and absent now. */
  missing(): string[];
  /** Files that cannot be read, for people. */
  problems(): string[];
  close(): void;
};

/** One re-reading source for every setting of kind `secret` in a shape. */
export function createSecrets(shape: SettingsShape, env: Env): Secrets {
  const sources = new Map<string, { source: SecretSource; optional: boolean }>();
  for (const [name, { kind, optional, aliases }] of Object.entries(shape)) {
    if (kind === 'secret') sources.set(name, { source: secretSource({ name, env, aliases }), optional });
  }
  const all = [...sources];
  return {
    has: (name) => sources.has(name),
    source(name) {
      const found = sources.get(name);
      if (found) return found.source;
      throw new Error(`no secret named ${name} is declared: add it to the settings of the service`);
    },
    report: () => Object.fromEntries(all.map(([name, { source }]) => [name, describe(source)])),
    missing: () =>
      all.filter(([, { source, optional }]) => !optional && !source.current()).map(([name]) => name),
    problems: () => all.flatMap(([, { source }]) => source.problem() ?? []),
    close() {
      for (const [, { source }] of all) source.close();
    },
  };
}

function describe(source: SecretSource): Running['settings'][string] {
  const fingerprint = source.fingerprint();
  return { set: fingerprint !== undefined, source: source.source, ...(fingerprint ? { fingerprint } : {}) };
}
