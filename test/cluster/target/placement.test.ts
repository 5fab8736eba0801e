import { waitFor } from '@scholar/runtime/testing';
import { apply, kubectl } from '../../harness/kubectl.ts';
import { type Finding, runScholar } from '../../harness/local-system.ts';
import { deleteNamespace } from '../../run/cluster-namespaces.ts';
import { KUBE_ENV } from '../harness/environment.ts';
import { ensureNamespace } from '../harness/namespace.ts';
import { misplacedPods } from './misplaced-pods.ts';

let namespace: string;

beforeAll(async () => {
  namespace = await ensureNamespace('placement');
  await apply(namespace, misplacedPods());
  for (const name of ['scholarship-api', 'scholarship-agent', 'scholarship-sage', 'student-pilot'])
    await kubectl('rollout', 'status', '-n', namespace, `deployment/${name}`, '--timeout=180s');
  await kubectl('wait', '-n', namespace, 'pod/stray', '--for=condition=Ready', '--timeout=180s');
}, 600_000);

afterAll(async () => {
  await deleteNamespace(namespace);
}, 330_000);

async function findings(app: string): Promise<Finding[]> {
  const args = ['audit', '--target', 'cluster', '--namespace', namespace, '-o', 'json'];
  const ran = await runScholar(args, { env: KUBE_ENV });
  expect([ran.code, ran.stderr]).toEqual([3, '']);
  return (JSON.parse(ran.stdout) as { findings: Finding[] }).findings.filter((each) => each.app === app);
}

const codes = async (app: string) => (await findings(app)).map(({ code }) => code);

test('a Service that also selects a pod of nobody is named with that pod', async () => {
  const found = await findings('A2');
  expect(found.map(({ code }) => code)).toContain('service_reaches_other');
  expect(found.find(({ code }) => code === 'service_reaches_other')?.evidence).toContain(
    'not of scholarship_api: stray',
  );
}, 300_000);

test('a Service that selects no pod, and a template without a forwarder, are named', async () => {
  expect(await codes('A4')).toEqual(expect.arrayContaining(['service_reaches_nothing', 'sidecar_absent']));
}, 300_000);

test('a forwarder that is no native sidecar, and what it owes on an emptyDir, are named', async () => {
  expect(await codes('A5')).toEqual(expect.arrayContaining(['sidecar_not_native', 'outbox_ephemeral']));
}, 300_000);

test('pods that were made before image and settings were changed are named until they are made anew', async () => {
  expect(await codes('A3')).not.toContain('settings_outdated');
  const template = {
    metadata: { annotations: { 'checksum/settings': 'two' } },
    spec: { containers: [{ name: 'app', image: 'registry.invalid/scholar:9.9.9' }] },
  };
  const patch = JSON.stringify({ spec: { paused: true, template } });
  await kubectl('patch', '-n', namespace, 'deployment/scholarship-agent', '--patch', patch);
  expect(await codes('A3')).toEqual(expect.arrayContaining(['image_differs', 'settings_outdated']));
}, 300_000);

test('a SealedSecret that its controller cannot open is named, with what the controller says', async () => {
  await waitFor(
    async () => (await findings('A3')).some(({ evidence }) => /Synced false/.test(evidence.join())),
    {
      timeoutMs: 200_000,
      intervalMs: 2_000,
      what: 'the controller to refuse the SealedSecret',
    },
  );
  const sealed = (await findings('A3')).find(({ code }) => code === 'sealed_secret_unsynced');
  expect(sealed?.summary).toContain('scholarship-agent-a8');
}, 300_000);
