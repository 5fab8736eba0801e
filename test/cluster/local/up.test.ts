import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, waitFor } from '@scholar/runtime/testing';
import { kubectl } from '../../harness/kubectl.ts';
import { repositoryRoot } from '../../harness/local-system.ts';
import { StandIns } from '../../harness/stand-ins.ts';
import { IMAGE, POSTGRES_IMAGE, TOOLS } from '../harness/environment.ts';
import { ensureNamespace } from '../harness/namespace.ts';

/**
 * `make kind-up` where there is no kind: kind and docker are stand-ins that write down what they were told, and the
 * context of the cluster that kind would have made leads to the cluster under test. kubectl, Helm and the command are real.
 */
const PATIENCE_MS = 900_000;
const UP = join(repositoryRoot, 'k8s', 'local', 'up');

let standIns: StandIns;
let namespace: string;
let env: Record<string, string>;
/** What the last `up` printed. */
let told = '';

beforeAll(async () => {
  namespace = await ensureNamespace('local');
  standIns = await StandIns.make(
    ['kind', 'docker'],
    `'kind get clusters') echo scholar ;;\n'docker save'*) echo archive >"$3" ;;`,
    { kubectl: 'kubectl', npx: 'npx', sh: 'sh', sleep: 'sleep', helm: join(TOOLS, 'helm4') },
  );
  env = {
    NAMESPACE: namespace,
    IMAGE,
    KUBECONFIG: await kubeconfigOfKind(),
    VALUES: await valuesOfThisCluster(),
  };
}, 60_000);

afterAll(() => standIns?.remove());

/** A kubeconfig whose one context is called as kind calls it. */
async function kubeconfigOfKind(): Promise<string> {
  const config = JSON.parse(await kubectl('config', 'view', '--raw', '--minify', '--flatten', '-o', 'json'));
  config.contexts[0].name = 'kind-scholar';
  config['current-context'] = 'another-cluster';
  const path = join(standIns.folder, 'kubeconfig');
  await writeFile(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}

async function valuesOfThisCluster(): Promise<string> {
  const path = join(standIns.folder, 'values.json');
  const [repository, tag] = (POSTGRES_IMAGE ?? 'postgres:18').split(/:(?=[^:]*$)/u);
  await writeFile(path, JSON.stringify({ postgresql: { image: { repository, tag } } }));
  return path;
}

const pods = () =>
  kubectl(
    ...['get', 'pods', '-n', namespace, '-l', 'app.kubernetes.io/component!=test'],
    ...['-o', 'jsonpath={range .items[*]}{.metadata.name} {.metadata.uid}{"\\n"}{end}'],
  );

test(
  'installs, tests, proves and says what to type; once more, it changes no pod',
  async () => {
    const first = await standIns.run(UP, ['kind'], env);
    expect(first.stderr + first.stdout).toContain('7 of 7 green');
    expect(first.code).toBe(0);
    expect(first.calls).toEqual([
      'docker info',
      'kind get clusters',
      'kind export kubeconfig --name scholar',
      `docker image inspect ${IMAGE}`,
      `docker save -o TMP ${IMAGE}`,
      'kind load image-archive TMP --name scholar',
    ]);
    const before = await pods();
    const second = await standIns.run(UP, ['kind'], env);
    expect(second.code).toBe(0);
    expect(await pods()).toBe(before);
    told = second.stdout;
  },
  PATIENCE_MS,
);

test.each([
  ['auto-com-center', '8108'],
  ['student-pilot', '8105'],
])(
  'the port-forward that it prints for %s leads to its /health',
  async (name, port) => {
    const line = told.split('\n').find((each) => each.includes(`port-forward service/${name} ${port}:8080`));
    const free = await freePort();
    const command = (line ?? '').split(' #')[0]?.trim().replace(`${port}:`, `${free}:`).split(/\s+/u) ?? [];
    const [program = '', ...args] = command;
    const forward = spawn(program, args, { env: { ...process.env, ...env }, stdio: 'ignore' });
    const ended = once(forward, 'exit');
    try {
      await waitFor(async () => (await fetch(`http://127.0.0.1:${free}/health`)).status === 200, {
        timeoutMs: 60_000,
        intervalMs: 200,
        what: `${name} through ${command.join(' ')}`,
      });
    } finally {
      forward.kill();
      await ended;
    }
  },
  PATIENCE_MS,
);
