import { freePort } from '@scholar/runtime/testing';
import { type ForwarderInput, forwarderCommand } from './forwarder-command.ts';
import { type Running, startServer } from './launch.ts';

export type StartedForwarder = Running & { opsPort: number };

/** A forwarder on free ports, ready. `core`: 'any', or one of `CORES`. */
export async function startForwarder({
  core,
  ...input
}: Omit<ForwarderInput, 'port' | 'opsPort'> & { core: string }): Promise<StartedForwarder> {
  const [port, opsPort] = [await freePort(), await freePort()];
  const running = await startServer({
    ...{ command: forwarderCommand({ ...input, port, opsPort }), port, core },
    ready: async () => (await fetch(`http://127.0.0.1:${opsPort}/ready`)).ok,
  });
  return { ...running, opsPort };
}
