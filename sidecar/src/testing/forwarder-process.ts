import { randomUUID } from 'node:crypto';
import { type SpawnedService, spawnService } from '@scholar/runtime/testing';
import { client, type TestForwarder } from './start-forwarder.ts';

const ENTRY = new URL('../main.ts', import.meta.url);

export interface ForwarderProcess extends Pick<TestForwarder, 'post' | 'get' | 'control'> {
  service: SpawnedService;
  /** Body of a path of its ops listener. */
  ops(path: string): Promise<string>;
}

/** A forwarder as a process of its own, on free ports. @throws Error with its output when it does not start */
export async function startForwarderProcess(env: Record<string, string>): Promise<ForwarderProcess> {
  const service = launchForwarder(env);
  const port = async (what: string) =>
    Number(
      (await service.waitForOutput(new RegExp(`"port":(\\d+),"msg":"the ${what} is ready"`), 60_000))[1],
    );
  const opsUrl = `http://127.0.0.1:${await port('ops listener')}`;
  const ops = async (path: string) => (await fetch(`${opsUrl}${path}`)).text();
  return { service, ops, ...client(`http://127.0.0.1:${await port('intake')}`) };
}

/** Starts it without waiting for anything. */
export function launchForwarder(env: Record<string, string>): SpawnedService {
  return spawnService({
    entry: ENTRY,
    env: {
      ...{ APP_LABEL: 'scholar_auth', INTAKE_PORT: '0', OPS_HOST: '127.0.0.1', OPS_PORT: '0' },
      ...{ RETRY_CAP: '100ms', HOLD_PROBE: '200ms' },
      ...env,
    },
  });
}

/** Posts without a pause until told to stop; `acknowledged` grows with each 202. */
export function load(post: (options: { id: string }) => Promise<{ status: number }>, workers = 8) {
  const acknowledged = new Set<string>();
  let on = true;
  const worker = async () => {
    while (on) {
      const id = randomUUID();
      const status = await post({ id }).then(
        (answer) => answer.status,
        () => 0,
      );
      if (status === 202) acknowledged.add(id);
      else await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const running = Array.from({ length: workers }, worker);
  return {
    acknowledged,
    async stop() {
      on = false;
      await Promise.all(running);
    },
  };
}
