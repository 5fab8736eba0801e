import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@scholar/runtime/testing';
import { labelOf } from '../../event.ts';
import { startServer } from '../../launch.ts';
import { storedIn } from '../stored.ts';
import type { Contestant } from './contestant.ts';

const ENTRY = join(import.meta.dirname, '../../../../sidecar/dist/main.js');

/** The forwarder as the image runs it, with its defaults; only the quota is raised, so that a million events fit. */
export function forwarder(nodeFlags: readonly string[] = []): Contestant {
  return {
    name: 'forwarder',
    title: 'forwarder (ours)',
    protocol: 'event',
    durability: 'D3',
    async start({ folder, sinkPort, traceFile }) {
      mkdirSync(folder, { recursive: true });
      const key = join(folder, 'key');
      writeFileSync(key, 'a-key-that-only-the-sink-of-this-benchmark-sees');
      const [port, opsPort, nobody] = [await freePort(), await freePort(), await freePort()];
      const env = {
        ...{ NODE_ENV: 'production', APP_LABEL: labelOf(0), ENVIRONMENT: 'staging', LOG_LEVEL: 'warn' },
        ...{ OUTBOX_DIR: outboxOf(folder), OUTBOX_MAX_BYTES: String(20 * 2 ** 30), A8_KEY_FILE: key },
        ...{ A8_URL: `http://127.0.0.1:${sinkPort ?? nobody}`, INTAKE_PORT: String(port) },
        ...{ OPS_HOST: '127.0.0.1', OPS_PORT: String(opsPort) },
      };
      return startServer({
        command: { file: process.execPath, args: [...nodeFlags, '--enable-source-maps', ENTRY], env },
        ...{ port, traceFile },
        ready: async () => (await fetch(`http://127.0.0.1:${opsPort}/ready`)).ok,
      });
    },
    storedIds: (folder) => storedIn({ engine: 'forwarder', folder: outboxOf(folder) }),
  };
}

export function outboxOf(folder: string): string {
  return join(folder, 'outbox');
}
