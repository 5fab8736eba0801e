import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type SpawnedService, spawnService, waitFor } from '@scholar/runtime/testing';
import { parseAllDocuments } from 'yaml';
import { repositoryRoot } from '../../harness/local-system.ts';
import { helm } from '../harness/helm.ts';
import { type BareApiServer, bareApiServer } from './bare-api-server.ts';

/**
 * The operator's own program with the Role and the table that its chart renders, at a real API server on which nothing of
 * scholar is installed.
 */
const ENTRY = join(repositoryRoot, 'operator', 'src', 'reconcile', 'main.ts');
const CHART = join(repositoryRoot, 'charts', 'operator');
const PATIENCE = { timeoutMs: 120_000 };

let server: BareApiServer;
let folder: string;
let service: SpawnedService;
let ops: string;

beforeAll(async () => {
  server = await bareApiServer();
  folder = await mkdtemp(join(tmpdir(), 'scholar-table-'));
  const rendered = await objectsOfChart();
  const role = rendered.find(({ kind }) => kind === 'Role');
  if (role === undefined) throw new Error('the chart renders no Role');
  await server.apply([role, bindingOf(role.metadata.name, 'machinery')]);
  const table = rendered.find(({ metadata }) => metadata.name === 'scholar-operator-table');
  const file = join(folder, 'table.yaml');
  await writeFile(file, table?.data?.['table.yaml'] ?? '');
  const port = await freePort();
  ops = `http://127.0.0.1:${port}`;
  service = spawnService({
    entry: ENTRY,
    env: {
      KUBECONFIG: await server.userKubeconfig('machinery'),
      POD_NAME: 'operator-1',
      POD_NAMESPACE: 'default',
      WATCH_NAMESPACE: 'default',
      TABLE_FILE: file,
      OPS_HOST: '127.0.0.1',
      OPS_PORT: String(port),
    },
  });
}, 240_000);

afterAll(async () => {
  await service?.stop({ graceMs: 20_000 });
  await server?.remove();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
}, 120_000);

interface Rendered {
  kind: string;
  metadata: { name: string };
  data?: Record<string, string>;
}

async function objectsOfChart(): Promise<Rendered[]> {
  const manifest = await helm(4, 'template', 'operator', CHART, '--namespace', 'default');
  return parseAllDocuments(manifest).flatMap((document) => (document.toJS() as Rendered | null) ?? []);
}

function bindingOf(role: string, user: string): object {
  const rbac = 'rbac.authorization.k8s.io';
  return {
    apiVersion: `${rbac}/v1`,
    kind: 'RoleBinding',
    metadata: { name: role, namespace: 'default' },
    roleRef: { apiGroup: rbac, kind: 'Role', name: role },
    subjects: [{ apiGroup: rbac, kind: 'User', name: user }],
  };
}

interface Seen {
  metadata: { uid: string; generation: number };
  status?: { observedGeneration?: number; conditions?: { type: string; reason: string; message: string }[] };
}

/** The table once a pass has looked for its generation. */
async function looked(): Promise<Seen> {
  let seen: Seen | undefined;
  await waitFor(
    async () => {
      const text = await server.ask(
        'get',
        'tt',
        'scholar',
        '-n',
        'default',
        '--ignore-not-found',
        '-o',
        'json',
      );
      seen = text === '' ? undefined : JSON.parse(text);
      return reasonOf(seen, 'Ready') === 'RowUnknown';
    },
    { ...PATIENCE, what: 'the operator to look' },
  ).catch((cause: unknown) => {
    throw new Error(service.output(), { cause });
  });
  return seen as Seen;
}

function reasonOf(seen: Seen | undefined, type: string): string | undefined {
  return seen?.status?.conditions?.find((each) => each.type === type)?.reason;
}

test('with the Role of its chart alone it makes the table of its chart, looks, and says what it could not see', async () => {
  const seen = await looked();
  expect(seen.status?.observedGeneration).toBe(seen.metadata.generation);
  expect(reasonOf(seen, 'Degraded')).toBe('HubUnreachable');
  const ready = seen.status?.conditions?.find(({ type }) => type === 'Ready');
  expect(ready?.message).toContain('Nothing of scholar is installed in namespace default');
  const metrics = await (await fetch(`${ops}/metrics`)).text();
  const refused = metrics
    .split('\n')
    .filter((line) => line.startsWith('operator_api_calls_total') && line.includes('"403"'));
  expect(refused).toEqual([]);
}, 180_000);

test('a table that is deleted by hand comes back while the chart asks for it', async () => {
  const before = await looked();
  await server.ask('delete', 'tt', 'scholar', '-n', 'default');
  const after = await looked();
  expect(after.metadata.uid).not.toBe(before.metadata.uid);
}, 300_000);
