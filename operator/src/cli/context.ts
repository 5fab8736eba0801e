import { processEnv } from '@scholar/runtime/config';
import { type StateLayout, stateLayout } from '../target/local/layout.ts';
import type { Screen } from './output.ts';

/** The options that every verb takes. */
export interface CommonOptions {
  state: string;
  output: 'table' | 'json';
  target?: 'local' | 'cluster';
  namespace?: string;
  context?: string;
}

export interface Context {
  options: CommonOptions;
  layout: StateLayout;
  screen: Screen;
  env: Readonly<Record<string, string | undefined>>;
  json: boolean;
}

export function createContext(options: CommonOptions): Context {
  const env = processEnv();
  return {
    options,
    layout: stateLayout(options.state),
    env,
    json: options.output === 'json',
    screen: {
      out: (text) => process.stdout.write(`${text}\n`),
      err: (text) => process.stderr.write(`${text}\n`),
      color: process.stdout.isTTY === true && (env['NO_COLOR'] ?? '') === '',
      progress: process.stderr.isTTY === true,
    },
  };
}
