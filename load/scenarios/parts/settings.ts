import { runIdOf } from './event-id-of.ts';

/** What a script is told with `-e NAME=value`; `make load` fills it in. */
export function setting(name: string): string {
  const value = __ENV[name];
  if (value === undefined || value === '')
    throw new Error(`${name} is not set: -e ${name}=…, or \`make load\``);
  return value;
}

/** Of this run. */
export const runId = (): string => runIdOf(setting('RUN_ID'));
