import { join } from 'node:path';
import { freePort, type SpawnedService, spawnService, waitFor } from '@scholar/runtime/testing';
import { repositoryRoot } from '../../harness/local-system.ts';
import { type BareApiServer, bareApiServer } from './bare-api-server.ts';
import { rightsOf } from './operator-rights.ts';

const ENTRY = join(repositoryRoot, 'operator', 'src', 'controller', 'testing', 'echo-operator.ts');
const SAMPLE = join(repositoryRoot, 'k8s', 'samples', 'truthtable.yaml');
const PATIENCE = { timeoutMs: 60_000 };

interface Process {
  name: string;
  service: SpawnedService;
  ops: string;
}

let server: BareApiServer;
let kubeconfig: string;
let running: Process[] = [];
let started = 0;

beforeAll(async () => {
  server = await bareApiServer();
  await server.apply(rightsOf('machinery'));
  kubeconfig = await server.userKubeconfig('machinery');
}, 180_000);

afterAll(() => server?.remove(), 60_000);

afterEach(async () => {
  await Promise.all(running.map(({ service }) => service.stop({ graceMs: 10_000 })));
  running = [];
  await server.ask('delete', 'tt', '--all', '-n', 'default');
}, 60_000);

/** With the machinery's rights and no others. */
async function operator(env: Record<string, string> = {}): Promise<Process> {
  const port = await freePort();
  started += 1;
  const name = `operator-${started}`;
  const service = spawnService({
    entry: ENTRY,
    env: {
      KUBECONFIG: kubeconfig,
      POD_NAME: name,
      OPS_HOST: '127.0.0.1',
      OPS_PORT: String(port),
      LOG_LEVEL: 'debug',
      ...env,
    },
  });
  const made = { name, service, ops: `http://127.0.0.1:${port}` };
  running.push(made);
  await waitFor(() => isReady(made), PATIENCE).catch((cause: unknown) => {
    throw new Error(service.output(), { cause });
  });
  return made;
}

async function isReady({ ops }: Process): Promise<boolean> {
  return (await fetch(`${ops}/ready`)).ok;
}

const metricsOf = async ({ ops }: Process): Promise<string[]> =>
  (await (await fetch(`${ops}/metrics`)).text()).split('\n');

/** The value of the series whose name and labels hold all of the texts; 0 where there is none. */
async function metric(of: Process, ...texts: string[]): Promise<number> {
  const lines = (await metricsOf(of)).filter((line) => texts.every((text) => line.includes(text)));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

const leads = async (of: Process): Promise<boolean> => (await metric(of, 'operator_leader{')) === 1;
const passes = (of: Process) => metric(of, 'operator_passes_total{', 'result="done"');
const patches = (of: Process) =>
  metric(of, 'operator_api_calls_total{', 'verb="patch"', 'resource="truthtables"');

async function eventsOf(name: string): Promise<{ reason: string; series?: object }[]> {
  const { items } = JSON.parse(
    await server.ask('get', 'events.events.k8s.io', '-n', 'default', '-o', 'json'),
  );
  const { metadata } = JSON.parse(await server.ask('get', 'tt', name, '-o', 'json'));
  return items.filter(({ regarding }: { regarding: { uid: string } }) => regarding.uid === metadata.uid);
}

test('with its own rights alone it makes a table ready, with one patch and one Event for each transition', async () => {
  const one = await operator();
  await server.ask('apply', '-f', SAMPLE);
  await server.ask('wait', '--for=condition=Ready', 'tt/scholar', '--timeout=60s');
  await waitFor(async () => (await eventsOf('scholar')).length === 1, PATIENCE);
  expect((await eventsOf('scholar')).map(({ reason }) => reason)).toEqual(['ReadyAllGreen']);
  expect(await patches(one)).toBe(1);

  await server.ask('patch', 'tt', 'scholar', '--type=merge', '-p', '{"spec":{"canaryInterval":"2m"}}');
  await waitFor(async () => (await patches(one)) === 2, PATIENCE);
  expect(await passes(one)).toBe(2);
  expect((await eventsOf('scholar')).length).toBe(1);

  await server.ask('patch', 'tt', 'scholar', '--type=merge', '-p', '{"spec":{"remedy":"Observe"}}');
  await waitFor(async () => (await eventsOf('scholar')).length === 2, PATIENCE);
  expect(await metric(one, 'operator_api_calls_total{', 'verb="list"')).toBe(0);
  expect((await metricsOf(one)).filter((line) => /status="(403|none|5\d\d)"/u.test(line))).toEqual([]);
  const { metadata } = JSON.parse(
    await server.ask('get', 'tt', 'scholar', '-o', 'json', '--show-managed-fields'),
  );
  expect(
    metadata.managedFields.filter(({ manager }: { manager: string }) => manager === 'scholar-operator'),
  ).toHaveLength(1);
  expect(metadata.finalizers).toBeUndefined();
}, 180_000);

test('of two operators one works; when it ends, the other looks at everything and goes on', async () => {
  const first = await operator();
  await waitFor(() => leads(first), PATIENCE);
  const second = await operator();
  await server.ask('apply', '-f', SAMPLE);
  await server.ask('wait', '--for=condition=Ready', 'tt/scholar', '--timeout=60s');
  expect([await leads(second), await passes(second), await patches(second)]).toEqual([false, 0, 0]);

  expect(await first.service.stop({ graceMs: 20_000 })).toBe(0);
  await waitFor(async () => (await passes(second)) > 0, PATIENCE);
  // The status is what it should be: to look is no reason to write.
  expect([await leads(second), await patches(second)]).toEqual([true, 0]);
  await server.ask('patch', 'tt', 'scholar', '--type=merge', '-p', '{"spec":{"remedy":"Observe"}}');
  await waitFor(async () => (await patches(second)) === 1, PATIENCE);
}, 180_000);

test('a leader that was killed is followed when its lease has run out', async () => {
  const first = await operator();
  await waitFor(() => leads(first), PATIENCE);
  const second = await operator();
  first.service.kill('SIGKILL');
  await waitFor(() => leads(second), PATIENCE);
  const lease = JSON.parse(await server.ask('get', 'lease', 'scholar-operator', '-o', 'json'));
  expect(lease.spec.holderIdentity).toBe(second.name);
}, 180_000);

test('stopped, it gives the lease back and ends with 0; ready is withdrawn with the listener', async () => {
  const one = await operator();
  await waitFor(() => leads(one), PATIENCE);
  expect(await one.service.stop({ graceMs: 20_000 })).toBe(0);
  const lease = JSON.parse(await server.ask('get', 'lease', 'scholar-operator', '-o', 'json'));
  expect(lease.spec.holderIdentity ?? '').toBe('');
}, 120_000);

test('without the right to watch it is not ready, and its log names the right that is missing', async () => {
  const port = await freePort();
  const service = spawnService({
    entry: ENTRY,
    env: {
      KUBECONFIG: await server.userKubeconfig('stranger'),
      LEADER_ELECTION: 'false',
      OPS_HOST: '127.0.0.1',
      OPS_PORT: String(port),
    },
  });
  running.push({ name: 'stranger', service, ops: `http://127.0.0.1:${port}` });
  await service.waitForOutput(
    /The right to watch truthtables in the cluster is missing: give context bare a ClusterRole/u,
    60_000,
  );
  const ready = await fetch(`http://127.0.0.1:${port}/ready`);
  expect([ready.status, await ready.text()]).toEqual([
    503,
    expect.stringContaining('have not been listed yet'),
  ]);
}, 120_000);
