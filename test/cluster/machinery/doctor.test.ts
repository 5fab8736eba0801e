import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { examineCluster } from '@scholar/operator/doctor/examine-cluster';
import { gatherFacts } from '@scholar/operator/target/cluster/fitness/gather-facts';
import { repositoryRoot } from '../../harness/local-system.ts';
import { type BareApiServer, bareApiServer } from './bare-api-server.ts';

const LOOK = 'rights: audit, verify, events, tail, rejected, trace';
let server: BareApiServer;

beforeAll(async () => {
  server = await bareApiServer();
  const page = await readFile(join(repositoryRoot, 'docs', 'cluster-target.md'), 'utf8');
  for (const [, role = ''] of page.matchAll(/```yaml\n(.*?)```/gsu))
    await server.apply(JSON.parse(await server.fromYaml(role)));
}, 180_000);

afterAll(() => server?.remove(), 60_000);

/** What the doctor says to somebody of the API server. */
async function examined(user: string) {
  const file = await server.userKubeconfig(user);
  const facts = await gatherFacts({}, { file, namespace: 'default' }, [{ operator: { enabled: true } }]);
  return Object.fromEntries(examineCluster(facts).map(({ name, ...line }) => [name, line]));
}

test('somebody without rights is told version, kinds and clock, and each right that is missing', async () => {
  const lines = await examined('stranger');
  expect(lines).toMatchObject({
    Kubernetes: { state: 'ok' },
    nodes: { state: 'unknown', detail: expect.stringContaining('list nodes') },
    'kind TruthTable': { state: 'ok', detail: 'scholar.dev: v1alpha1' },
    'clock of the API server': { state: 'ok' },
    volumes: { state: 'unknown' },
    [LOOK]: { state: 'fail', detail: expect.stringContaining('list statefulsets.apps') },
    'rights: fix': { state: 'warn', detail: expect.stringContaining('create leases.coordination.k8s.io') },
  });
}, 120_000);

test('with the Roles of the page nothing is missing, one by one', async () => {
  const bind = (role: string) =>
    server.ask('create', 'rolebinding', role, `--role=${role}`, '--user=stranger');
  await bind('scholar-verify');
  const looking = await examined('stranger');
  expect([looking[LOOK]?.state, looking['rights: fix']?.state]).toEqual(['ok', 'warn']);
  await bind('scholar-fix');
  const fixing = await examined('stranger');
  expect([fixing[LOOK]?.state, fixing['rights: fix']?.state]).toEqual(['ok', 'ok']);
}, 120_000);
