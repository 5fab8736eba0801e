import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@scholar/runtime/testing';
import { labelOf } from '../../event.ts';
import { forwarderCommand } from '../../forwarder-command.ts';
import { startServer } from '../../launch.ts';
import { storedIn } from '../stored.ts';
import type { Contestant } from './contestant.ts';

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
      const command = forwarderCommand({
        ...{ label: labelOf(0), outbox: outboxOf(folder), keyFile: key, a8Port: sinkPort ?? nobody },
        ...{ port, opsPort, nodeFlags },
      });
      return startServer({
        ...{ command, port, traceFile },
        ready: async () => (await fetch(`http://127.0.0.1:${opsPort}/ready`)).ok,
      });
    },
    storedIds: (folder) => storedIn({ engine: 'forwarder', folder: outboxOf(folder) }),
  };
}

export function outboxOf(folder: string): string {
  return join(folder, 'outbox');
}
