import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectKube, type LocalPort } from '@scholar/operator/kube-client';
import { waitFor } from '@scholar/runtime/testing';
import { apply, kubectl } from '../../harness/kubectl.ts';
import { type Finding, repositoryRoot, runScholar } from '../../harness/local-system.ts';
import { deleteNamespace } from '../../run/cluster-namespaces.ts';
import { KUBE_ENV } from '../harness/environment.ts';
import { ensureNamespace } from '../harness/namespace.ts';
import { plainPods } from './plain-pods.ts';

let namespace: string;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scholar-target-'));
  namespace = await ensureNamespace('target');
  await apply(namespace, plainPods());
  await kubectl('rollout', 'status', '-n', namespace, 'deployment/auto-com-center', '--timeout=300s');
}, 330_000);

afterAll(async () => {
  await deleteNamespace(namespace);
  await rm(folder, { recursive: true });
}, 330_000);

const env = KUBE_ENV;
const scholar = (verb: string, ...args: string[]) =>
  runScholar([verb, '--target', 'cluster', '--namespace', namespace, ...args], { env });

/** Names and versions of everything that a repair could have written. */
function written(): Promise<string> {
  const version = 'jsonpath={range .items[*]}{.kind}/{.metadata.name}@{.metadata.generation}{"\\n"}{end}';
  return kubectl('get', 'configmaps,secrets,deployments,statefulsets,leases', '-n', namespace, '-o', version);
}

async function hubPod(): Promise<string> {
  const pods = await connectKube(process.env, { namespace }).pods();
  const running = pods.find(
    ({ metadata, status }) =>
      metadata?.labels?.['app.kubernetes.io/name'] === 'auto-com-center' &&
      metadata.deletionTimestamp === undefined &&
      status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
  );
  if (running?.metadata?.name === undefined) throw new Error('no pod of auto-com-center runs');
  return running.metadata.name;
}

describe('a port-forward in process', () => {
  const opened: LocalPort[] = [];
  const forward = async (port: number): Promise<LocalPort> => {
    const local = await connectKube(process.env, { namespace }).forward({ pod: hubPod, port });
    opened.push(local);
    return local;
  };

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((local) => local.close()));
  });

  test('carries large bodies both ways, unharmed, on connections at the same time', async () => {
    const local = await forward(8080);
    const bodies = [1, 70_000, 3_000_000].map((size) => randomBytes(size));
    const echoed = await Promise.all(
      bodies.map(async (body) => {
        const reply = await fetch(`http://127.0.0.1:${local.port}/echo`, { method: 'POST', body });
        return Buffer.from(await reply.arrayBuffer());
      }),
    );
    expect(echoed.map((echo, index) => echo.equals(bodies[index] ?? Buffer.alloc(0)))).toEqual([
      true,
      true,
      true,
    ]);
  });

  test('reaches loopback ports of the pod, and the next pod when the first one goes', async () => {
    const local = await forward(4200);
    const answer = async () =>
      (await fetch(`http://127.0.0.1:${local.port}/`, { headers: { connection: 'close' } })).text();
    const first = await answer();
    await kubectl('delete', 'pod', '-n', namespace, first, '--wait=true');
    await kubectl('rollout', 'status', '-n', namespace, 'deployment/auto-com-center', '--timeout=300s');
    const second = await answer();
    expect(first).toMatch(/^auto-com-center-/);
    expect(second).toMatch(/^auto-com-center-/);
    expect(second).not.toBe(first);
  }, 400_000);

  test('of a port where nothing listens says so, and ends the connection', async () => {
    const local = await forward(4999);
    await expect(fetch(`http://127.0.0.1:${local.port}/`)).rejects.toThrow();
    await waitFor(() => /connection refused/.test(local.trouble() ?? ''), { timeoutMs: 30_000 });
  });
});

describe('the command', () => {
  test('names what dies with its last log lines, what is not there, and keeps the address of the cluster', async () => {
    await waitFor(
      async () => {
        const pods = await kubectl(
          'get',
          'pods',
          '-n',
          namespace,
          '-l',
          'app.kubernetes.io/name=scholar-auth',
        );
        return pods.includes('CrashLoopBackOff');
      },
      { timeoutMs: 240_000 },
    );
    const { code, stdout, stderr } = await scholar('audit', '-o', 'json');
    expect([code, stderr]).toEqual([3, '']);
    const { findings } = JSON.parse(stdout) as { findings: Finding[] };
    const of = (app: string) => findings.filter((finding) => finding.app === app);
    expect(
      of('A1')
        .find((finding) => finding.code === 'app_crashing')
        ?.evidence.join('\n'),
    ).toContain('log: nobody told me my key');
    expect(of('A2').map((finding) => finding.code)).toContain('app_stopped');
    expect(of('A1').find((finding) => finding.code === 'sidecar_absent')?.evidence[0]).toContain(
      'has no container forwarder',
    );
    expect(of('A8').map((finding) => finding.code)).toEqual(['key_ring_empty']);
  }, 400_000);

  test('fix says of each finding that it may not repair what a person has to do, ends with 1 and writes nothing', async () => {
    const before = await written();
    const dry = await scholar('fix', '--dry-run');
    const ran = await scholar('fix', '--docs', folder);
    expect([dry.code, ran.code]).toEqual([0, 1]);
    const findings = [
      ['scholar_auth app_crashing', 'A1 app_crashing'],
      ['scholarship_api app_stopped', 'A2 app_stopped'],
      ['auto_com_center key_ring_empty', 'A8 key_ring_empty'],
    ];
    for (const [planned, tried] of findings) {
      expect(dry.stdout).toContain(`  ${planned}: `);
      expect(ran.stdout).toContain(`NOT repaired  ${tried}: `);
    }
    expect(dry.stdout).toContain('Nothing was changed.');
    expect(await written()).toBe(before);
  }, 400_000);

  test('says that a database could not be asked: unknown or red, never green', async () => {
    const { code, stdout } = await scholar('verify', '--samples', '1', '-o', 'json');
    expect(code).toBe(1);
    const { ok, table } = JSON.parse(stdout) as {
      ok: boolean;
      table: { verdict: string; reasons: string[] }[];
    };
    expect(ok).toBe(false);
    expect(table).toHaveLength(7);
    for (const row of table) {
      expect(row.verdict).not.toBe('green');
      expect(row.reasons).toContain("A8's database could not be asked for the row.");
    }
  }, 400_000);

  test('could not look (4) where nothing is installed, with the namespace that it looked into', async () => {
    const ran = await runScholar(['audit', '--target', 'cluster', '--namespace', 'kube-public'], { env });
    expect(ran.code).toBe(4);
    expect(ran.stderr).toContain('Nothing of scholar is installed in namespace kube-public');
  });

  test('could not look (4) without a right, which it names', async () => {
    await kubectl('create', 'serviceaccount', '-n', namespace, 'nobody');
    const ran = await withKubeconfig(await asAccount('nobody'));
    expect(ran.code).toBe(4);
    expect(ran.stderr).toMatch(
      /The right to list (pods|services|statefulsets|deployments) in namespace target-\S+ is missing/,
    );
  });

  test('needs no more rights than its page says', async () => {
    const page = await readFile(join(repositoryRoot, 'docs', 'cluster-target.md'), 'utf8');
    const path = join(folder, 'role.yaml');
    await writeFile(path, /```yaml\n(.*?)```/su.exec(page)?.[1] ?? '');
    await kubectl('apply', '-n', namespace, '-f', path);
    await kubectl('create', 'serviceaccount', '-n', namespace, 'verifier');
    const binding = ['create', 'rolebinding', 'verifier', '--role=scholar-verify'];
    await kubectl(...binding, '-n', namespace, `--serviceaccount=${namespace}:verifier`);
    const ran = await withKubeconfig(await asAccount('verifier'));
    expect(ran).toMatchObject({ code: 3, stderr: '' });
    expect(ran.stdout).toContain('log: nobody told me my key');
  }, 300_000);

  test('could not look (4) where no cluster answers', async () => {
    const ran = await withKubeconfig((config) => {
      for (const { cluster } of config.clusters) cluster['server'] = 'https://127.0.0.1:65530';
    });
    expect(ran.code).toBe(4);
    expect(ran.stderr).toContain('https://127.0.0.1:65530');
    expect(ran.stderr).toContain('ECONNREFUSED');
  });
});

interface Kubeconfig {
  clusters: { cluster: Record<string, unknown> }[];
  users: { user: Record<string, unknown> }[];
}

/** @returns the change that makes a kubeconfig that of a service account of the namespace. */
async function asAccount(account: string): Promise<(config: Kubeconfig) => void> {
  const token = (await kubectl('create', 'token', '-n', namespace, account)).trim();
  return ({ users }) => {
    for (const each of users) each.user = { token };
  };
}

/** Runs an audit with a changed copy of the kubeconfig. */
async function withKubeconfig(change: (config: Kubeconfig) => void) {
  const config = JSON.parse(
    await kubectl('config', 'view', '--raw', '--flatten', '-o', 'json'),
  ) as Kubeconfig;
  change(config);
  const path = join(folder, 'config.json');
  await writeFile(path, JSON.stringify(config), { mode: 0o600 });
  const args = ['audit', '--target', 'cluster', '--namespace', namespace];
  return runScholar(args, { env: { KUBECONFIG: path } });
}
