import { join } from 'node:path';
import type { AppLabel } from '@scholar/contract';
import type { Command } from './launch.ts';

const ENTRY = join(import.meta.dirname, '../../sidecar/dist/main.js');

export type ForwarderInput = {
  label: AppLabel;
  outbox: string;
  keyFile: string;
  a8Port: number;
  port: number;
  opsPort: number;
  nodeFlags?: readonly string[];
};

/** A forwarder as the image runs it, with its defaults; only the quota is raised, so that a million events fit. */
export function forwarderCommand(o: ForwarderInput): Command {
  return {
    file: process.execPath,
    args: [...(o.nodeFlags ?? []), '--enable-source-maps', ENTRY],
    env: {
      ...{ NODE_ENV: 'production', APP_LABEL: o.label, ENVIRONMENT: 'staging', LOG_LEVEL: 'warn' },
      ...{ OUTBOX_DIR: o.outbox, OUTBOX_MAX_BYTES: String(20 * 2 ** 30), A8_KEY_FILE: o.keyFile },
      ...{ A8_URL: `http://127.0.0.1:${o.a8Port}`, INTAKE_PORT: String(o.port) },
      ...{ OPS_HOST: '127.0.0.1', OPS_PORT: String(o.opsPort) },
    },
  };
}
