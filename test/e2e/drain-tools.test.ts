import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventHeaders } from '@scholar/contract';
import { drainedIn, lookedIn } from '@scholar/operator/target/cluster/claims/drain-log';
import { drainPod } from '@scholar/operator/target/cluster/claims/drain-pod';
import {
  createHttpStub,
  freePort,
  type HttpStub,
  type SpawnedService,
  spawnService,
  tempDir,
} from '@scholar/runtime/testing';
import { repositoryRoot } from '../harness/local-system.ts';

/** The programs that the operator's drain runs in a pod, one after the other, as processes of this machine. */
const SIDECAR = join(repositoryRoot, 'sidecar', 'src');
const PATIENCE_MS = 60_000;

let dir: string;
let tokenFile: string;
let a8: HttpStub;
const running = new Set<SpawnedService>();

beforeEach(async () => {
  const folder = await tempDir('drain-tools');
  dir = join(folder, 'outbox');
  tokenFile = join(folder, 'CONTROL_TOKEN');
  await writeFile(tokenFile, 'token\n');
  a8 = await startA8();
});

afterEach(async () => {
  await Promise.all([...running].map((service) => service.stop()));
  running.clear();
  await a8.close();
});

/** Confirms whatever comes. */
function startA8(): Promise<HttpStub> {
  return createHttpStub(({ headers }) => {
    const event_id = headers['x-event-id'];
    const receipt = { accepted: true, persisted: true, event_id, duplicate: false, request_id: 'r' };
    return { status: 201, body: { ...receipt, received_at: new Date().toISOString() } };
  });
}

async function forwarder(a8Url: string): Promise<{ service: SpawnedService; intake: string }> {
  const service = spawnService({
    entry: join(SIDECAR, 'main.ts'),
    env: {
      ...{ APP_LABEL: 'scholar_auth', A8_URL: a8Url, A8_KEY: 'key', OUTBOX_DIR: dir },
      ...{ CONTROL_TOKEN_FILE: tokenFile, INTAKE_PORT: '0', OPS_HOST: '127.0.0.1', OPS_PORT: '0' },
      RETRY_CAP: '100ms',
    },
  });
  running.add(service);
  const [, port] = await service.waitForOutput(/"port":(\d+),"msg":"the intake is ready"/, PATIENCE_MS);
  return { service, intake: `http://127.0.0.1:${port}` };
}

/** One of the tools with the arguments that the pod gives it, on this machine's folder, forwarder and token. */
async function tool(name: 'look' | 'drain', intake = ''): Promise<string[]> {
  const container = { name: 'forwarder', image: 'scholar' };
  const { spec } = drainPod({
    ...{
      namespace: 'trial',
      claim: 'outbox-scholar-auth-1',
      ordinal: 1,
      volume: 'outbox',
      outboxDir: dir,
      tokenFile,
    },
    workload: {
      ...{ kind: 'StatefulSet', name: 'scholar-auth', replicas: 1, trouble: undefined },
      selector: { matchLabels: { 'app.kubernetes.io/component': 'app' } },
      template: { spec: { containers: [container] } },
    },
  });
  const all = [...(spec.initContainers ?? []), ...spec.containers];
  const [program = '', ...args] = all.find((each) => each.name === name)?.args ?? [];
  const service = spawnService({
    entry: join(repositoryRoot, program.replace('/dist/', '/src/').replace(/js$/u, 'ts')),
    args: args.map((arg) => (arg.startsWith('http://') ? intake : arg)),
  });
  running.add(service);
  await service.exited;
  return service.output().split('\n');
}

test('what a killed forwarder owed is listed, sent and told by the tools of a drain, as the operator reads them', async () => {
  const before = await forwarder(`http://127.0.0.1:${await freePort()}`);
  const ids = Array.from({ length: 3 }, () => randomUUID());
  for (const eventId of ids) {
    const { status } = await fetch(`${before.intake}/events`, {
      method: 'POST',
      headers: eventHeaders({ label: 'scholar_auth', eventId }),
      body: JSON.stringify({
        ...{
          event_type: 'NewUser',
          occurred_at: new Date().toISOString(),
          actor_id: 'user_1',
          source: '/test',
        },
        payload: { details: 'test' },
      }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    expect(status).toBe(202);
  }
  before.service.kill();
  await before.service.exited;

  expect(lookedIn(await tool('look'))).toEqual({ ids, queued: 3 });
  const { intake } = await forwarder(a8.url);
  expect(drainedIn(await tool('drain', intake))).toEqual({ left: 0, dead: 0, quarantined: 0, why: '' });
  const sent = a8.requests.map(({ headers }) => headers['x-event-id']);
  expect(sent.toSorted()).toEqual(ids.toSorted());
  expect(lookedIn(await tool('look'))).toEqual({ ids: [], queued: 0 });
}, 240_000);
