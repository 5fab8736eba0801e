import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Env } from '@scholar/runtime/config';
import { freePort, waitFor } from '@scholar/runtime/testing';

export interface ControlPlane {
  url: string;
  /** Of a member of system:masters. */
  kubeconfig: string;
  /** A kubeconfig of somebody who may do nothing until a Role says so. */
  userKubeconfig: (name: string) => Promise<string>;
  kubectl: string;
  auditLog: string;
  /** The API server alone, to be frozen (SIGSTOP) or ended by a test. */
  apiServer: ChildProcess;
  stop: () => Promise<void>;
}

const USERS = ['admin', 'machinery', 'stranger'] as const;
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * etcd and kube-apiserver alone on loopback ports: what a controller talks to, without kubelet or scheduler.
 * @param options.folder an empty folder that the caller removes.
 * @throws Error when $KUBEBUILDER_ASSETS does not name a folder with etcd, kube-apiserver and kubectl.
 */
export async function startControlPlane(options: { folder: string; env: Env }): Promise<ControlPlane> {
  const bin = binariesOf(options.env);
  const { folder } = options;
  await mkdir(folder, { recursive: true });
  const [client, peer, port] = [await freePort(), await freePort(), await freePort()];
  const tokens = new Map(USERS.map((name) => [name as string, randomBytes(16).toString('hex')]));
  await writeIdentities(folder, tokens);
  const etcd = start(folder, join(bin, 'etcd'), [
    `--data-dir=${join(folder, 'etcd')}`,
    `--listen-client-urls=http://127.0.0.1:${client}`,
    `--advertise-client-urls=http://127.0.0.1:${client}`,
    `--listen-peer-urls=http://127.0.0.1:${peer}`,
    '--unsafe-no-fsync',
    '--log-level=error',
  ]);
  const apiServer = start(folder, join(bin, 'kube-apiserver'), apiServerFlags(folder, client, port));
  const url = `https://127.0.0.1:${port}`;
  const kubeconfig = await writeKubeconfig({ folder, url, name: 'admin', token: tokens.get('admin') ?? '' });
  const stop = async (): Promise<void> => {
    await end(apiServer);
    await end(etcd);
  };
  const kubectl = join(bin, 'kubectl');
  const outcome = await waitFor(
    async () => {
      if (apiServer.exitCode !== null) return 'ended';
      return (await isReady(kubectl, kubeconfig)) ? 'ready' : undefined;
    },
    { timeoutMs: 120_000, intervalMs: 200, what: 'the API server' },
  ).catch((error: unknown) => String(error));
  if (outcome !== 'ready') {
    await stop();
    const log = await readFile(join(folder, 'kube-apiserver.log'), 'utf8');
    throw new Error(
      `The API server did not become ready (${outcome}); its log ends with:\n${log.slice(-2_000)}`,
    );
  }
  return {
    url,
    kubeconfig,
    userKubeconfig: (name) => writeKubeconfig({ folder, url, name, token: tokens.get(name) ?? '' }),
    kubectl,
    auditLog: join(folder, 'audit.log'),
    apiServer,
    stop,
  };
}

function binariesOf(env: Env): string {
  const folder = env['KUBEBUILDER_ASSETS'] ?? '';
  const lacking = ['etcd', 'kube-apiserver', 'kubectl'].filter((name) => !existsSync(join(folder, name)));
  if (folder === '' || lacking.length > 0) {
    throw new Error(
      `Set KUBEBUILDER_ASSETS to a folder with etcd, kube-apiserver and kubectl (\`setup-envtest use -p path\` prints one); lacking: ${lacking.join(', ')}.`,
    );
  }
  return folder;
}

async function writeIdentities(folder: string, tokens: ReadonlyMap<string, string>): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const lines = [...tokens].map(([name, token]) => {
    const groups = name === 'admin' ? ',system:masters' : '';
    return `${token},${name},${name}${groups}\n`;
  });
  const rules = [
    { level: 'Metadata', users: USERS.filter((name) => name !== 'admin'), omitStages: ['RequestReceived'] },
    { level: 'None' },
  ];
  await Promise.all([
    writeFile(join(folder, 'sa.key'), privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 }),
    writeFile(join(folder, 'sa.pub'), publicKey.export({ type: 'spki', format: 'pem' })),
    writeFile(join(folder, 'tokens.csv'), lines.join(''), { mode: 0o600 }),
    writeFile(
      join(folder, 'audit.yaml'),
      JSON.stringify({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules }),
    ),
  ]);
}

function apiServerFlags(folder: string, etcd: number, port: number): string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${etcd}`,
    `--cert-dir=${join(folder, 'certs')}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    '--endpoint-reconciler-type=none',
    `--secure-port=${port}`,
    '--service-cluster-ip-range=10.0.0.0/24',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${join(folder, 'sa.pub')}`,
    `--service-account-signing-key-file=${join(folder, 'sa.key')}`,
    '--authorization-mode=RBAC',
    `--token-auth-file=${join(folder, 'tokens.csv')}`,
    '--disable-admission-plugins=ServiceAccount',
    // Clusters that have it on ask more of whoever names an owner.
    '--enable-admission-plugins=OwnerReferencesPermissionEnforcement',
    `--audit-policy-file=${join(folder, 'audit.yaml')}`,
    `--audit-log-path=${join(folder, 'audit.log')}`,
    '--audit-log-mode=batch',
    '--audit-log-batch-max-wait=500ms',
  ];
}

function start(folder: string, program: string, flags: string[]): ChildProcess {
  const log = openSync(join(folder, `${program.split('/').at(-1)}.log`), 'a', 0o600);
  const child = spawn(program, flags, { stdio: ['ignore', log, log], env: {} });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

async function isReady(kubectl: string, kubeconfig: string): Promise<boolean> {
  const child = spawn(kubectl, ['--kubeconfig', kubeconfig, 'get', '--raw', '/readyz'], { stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  return code === 0;
}

async function writeKubeconfig(of: {
  folder: string;
  url: string;
  name: string;
  token: string;
}): Promise<string> {
  const path = join(of.folder, `${of.name}.kubeconfig`);
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'bare',
    clusters: [
      {
        name: 'bare',
        cluster: { server: of.url, 'certificate-authority': join(of.folder, 'certs', 'apiserver.crt') },
      },
    ],
    users: [{ name: of.name, user: { token: of.token } }],
    contexts: [{ name: 'bare', context: { cluster: 'bare', user: of.name, namespace: 'default' } }],
  };
  await writeFile(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  // A frozen process would not hear SIGTERM.
  child.kill('SIGCONT');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await exited;
  clearTimeout(timer);
}
