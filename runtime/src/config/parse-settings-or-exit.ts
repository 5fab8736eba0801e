import { type Env, processEnv } from './env.ts';
import {
  type LoadedSettings,
  loadSettings,
  type SettingReport,
  type SettingsShape,
} from './load-settings.ts';

/** Exit code of a process whose configuration is unusable: the same as for wrong usage of a command. */
export const EXIT_USAGE = 2;

/**
 * Loads a shape; when something prevents the start, prints every problem to stderr and exits with code 2.
 * @param options.env the environment; that of the process by default.
 */
export function parseSettingsOrExit<const S extends SettingsShape>(
  shape: S,
  options: { env?: Env; print?: (text: string) => void; exit?: (code: number) => void } = {},
): LoadedSettings<S> {
  const { env = processEnv(), exit = process.exit } = options;
  const { print = (text: string) => void process.stderr.write(text) } = options;
  const settings = loadSettings(shape, env);
  if (settings.problems.length > 0) {
    print(formatProblems(settings.problems));
    exit(EXIT_USAGE);
  }
  return settings;
}

/** Every problem as one block of text for a person at a terminal. */
export function formatProblems(problems: readonly string[]): string {
  const noun = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return `The configuration has ${noun}:\n${problems.map((problem) => `  - ${problem}\n`).join('')}`;
}

/** The masked summary of a start: one line of text per key, secrets as their fingerprint only. */
export function summarize(reports: readonly SettingReport[]): Record<string, string> {
  return Object.fromEntries(
    reports.map(({ key, kind, source, value, fingerprint }) => {
      if (source === 'unset') return [key, 'unset'];
      const shown = kind === 'secret' ? `(secret, fingerprint ${fingerprint})` : `${value}`;
      return [key, source === 'env' ? shown : `${shown} [${source}]`];
    }),
  );
}

/** Logs the masked summary and a warning per finding. Call it once, when the logger exists. */
export function logSettings(
  settings: Pick<LoadedSettings, 'describe' | 'findings' | 'missing' | 'configHash'>,
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void },
): void {
  const { configHash: config_hash, missing } = settings;
  log.info({ settings: summarize(settings.describe()), config_hash, missing }, 'configuration');
  for (const finding of settings.findings) log.warn({ finding }, 'a setting cannot be used');
}
