import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, spawnService, waitFor } from '@scholar/runtime/testing';
import { bareApiServer } from '../cluster/machinery/bare-api-server.ts';
import { repositoryRoot } from '../harness/local-system.ts';

const ENTRY = join(repositoryRoot, 'operator', 'src', 'reconcile', 'main.ts');
const TABLE = join(repositoryRoot, 'k8s', 'samples', 'truthtable.yaml');

/**
 * An operator in a process of its own beside the local system, with a TruthTable and an API server and no cluster behind it: its machinery is real,
 * and it finds nothing that it could look at.
 * @returns the port of its metrics, and how to end it. @throws Error without the programs of an API server (KUBEBUILDER_ASSETS)
 */
export async function startOperator(): Promise<{ port: number; stop: () => Promise<void> }> {
  const server = await bareApiServer();
  const port = await freePort();
  const service = spawnService({
    entry: ENTRY,
    env: {
      KUBECONFIG: server.kubeconfig,
      ...{ POD_NAME: 'dashboards', OPS_HOST: '127.0.0.1', OPS_PORT: String(port) },
    },
  });
  const stop = async () => {
    await service.stop({ graceMs: 10_000 });
    await server.remove();
  };
  try {
    await waitFor(async () => (await fetch(`http://127.0.0.1:${port}/ready`)).ok, { timeoutMs: 60_000 });
    await server.apply(JSON.parse(await server.fromYaml(await readFile(TABLE, 'utf8'))));
    return { port, stop };
  } catch (cause) {
    await stop();
    throw new Error(`the operator did not start:\n${service.output()}`, { cause });
  }
}
