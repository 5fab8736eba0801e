import { randomBytes } from 'node:crypto';
import { existsSync, globSync } from 'node:fs';
import { delimiter, join, relative } from 'node:path';
import { abortOnSignals, captureChild, runChild } from './child.ts';
import { deleteNamespaces, showNamespaces } from './cluster-namespaces.ts';
import { type Counts, finish, runStage, sumOf } from './jest-stage.ts';
import { type TestCluster, testCluster } from './test-cluster.ts';

/**
 * `make cluster-test`: a cluster, the image of this checkout in it, and the suites of test/cluster, one folder after
 * another, but for those that need little and go beside them. A file that fails is run once more in fresh namespaces. The
 * cluster is taken down at the end, whatever happened. Prints the counts as its last line.
 *
 * CLUSTER  the script that makes the cluster, or `none` for one of yours (test/run/test-cluster.ts)
 * KEEP=1   leaves the cluster as it is at the end, and uses one that an earlier run left
 * ONLY     part of a path: only suites whose path holds it
 * IMAGE    an image that the cluster has already, instead of one built from this checkout
 */
const root = join(import.meta.dirname, '..', '..');

/** The stage that starts an API server of its own, out of the folder that KUBEBUILDER_ASSETS names. */
const BARE_API_SERVER = 'machinery';
const ASSETS = ['etcd', 'kube-apiserver', 'kubectl'];

/**
 * Stages without volume claims and without a release, which look at nothing outside of namespaces of their own: they run while
 * the others wait for pods and passes.
 */
const BESIDE: ReadonlySet<string> = new Set([BARE_API_SERVER, 'manifests', 'target']);

/** For both tries of a file: one that hangs must not keep the cluster for ever. */
const FILE_LIMIT_MS = 2_400_000;

const signal = abortOnSignals();
finish(await main());

async function main(): Promise<Counts> {
  const none = { passed: 0, failed: 0, skipped: 0 };
  let cluster: TestCluster | undefined;
  const counts: Counts[] = [];
  try {
    const stages = suites();
    cluster = testCluster(process.env, signal);
    await timed('cluster', cluster.up);
    signal.throwIfAborted();
    const env = await cluster.env();
    await renewDefinition(env);
    const image = env['IMAGE'] ?? (await timed('image', () => buildImage(env)));
    signal.throwIfAborted();
    const assets = env['KUBEBUILDER_ASSETS'] ?? apiServerFolder(env['PATH'] ?? '');
    if (assets === undefined && stages.delete(BARE_API_SERVER))
      console.log(
        `left out: ${BARE_API_SERVER}, which needs KUBEBUILDER_ASSETS, a folder with ${ASSETS.join(', ')}`,
      );
    const suiteEnv = { ...env, IMAGE: image, KUBEBUILDER_ASSETS: assets };
    const lane = (beside: boolean) => [...stages].filter(([stage]) => BESIDE.has(stage) === beside);
    // A suite may have deleted claims, whose volumes the next one needs. Who has no claims gives none back.
    const lanes = [
      runLane(lane(false), { env: suiteEnv, recycle: cluster.recycle }),
      runLane(lane(true), { env: suiteEnv, recycle: async () => undefined }),
    ];
    for (const ended of await Promise.allSettled(lanes)) {
      if (ended.status === 'rejected') throw ended.reason;
      counts.push(...ended.value);
    }
    signal.throwIfAborted();
  } catch (cause) {
    if (!signal.aborted) console.error(cause instanceof Error ? cause.message : cause);
    counts.push({ ...none, failed: 1 });
  }
  await cluster?.down().catch((cause: Error) => {
    console.error(cause.message);
    counts.push({ ...none, failed: 1 });
  });
  return sumOf(counts);
}

/** Absolute paths by stage, which is a folder of test/cluster. @throws Error when ONLY leaves none. */
function suites(): Map<string, string[]> {
  const only = process.env['ONLY'] ?? '';
  const found = new Map<string, string[]>();
  for (const path of globSync('test/cluster/*/**/*.test.ts', { cwd: root }).sort()) {
    if (!path.includes(only)) continue;
    const stage = path.split('/')[2] ?? '';
    found.set(stage, [...(found.get(stage) ?? []), join(root, path)]);
  }
  if (found.size === 0) throw new Error(`ONLY=${only}: no suite of test/cluster has that in its path.`);
  return found;
}

/** @returns the folder of PATH that holds all of ASSETS, as that of a script which builds its cluster does. */
function apiServerFolder(path: string): string | undefined {
  return path.split(delimiter).find((folder) => ASSETS.every((name) => existsSync(join(folder, name))));
}

/**
 * It is one for the whole cluster and outlives the release that installed it. What an earlier run of another checkout left is
 * brought up to date; a cluster that has none gets it from the first release.
 */
async function renewDefinition(env: NodeJS.ProcessEnv): Promise<void> {
  const name = 'truthtables.scholar.dev';
  const there = await captureChild('kubectl', ['get', 'crd', name, '--ignore-not-found', '-o', 'name'], {
    env,
  });
  if (there.trim() === '') return;
  const apply = [
    'apply',
    '--server-side',
    '--force-conflicts',
    '-f',
    join(root, 'k8s', 'crds', `${name}.yaml`),
  ];
  await captureChild('kubectl', apply, { env });
}

/** @returns its name. The image is built from the checkout as it lies there. */
async function buildImage(env: NodeJS.ProcessEnv): Promise<string> {
  const short = (await captureChild('git', ['-C', root, 'rev-parse', '--short', 'HEAD'])).trim();
  const image = `localhost/scholar:test-${short}`;
  const build = join(root, 'k8s', 'images', 'build');
  await succeed(build, [], {
    env: { ...env, IMAGE: image },
    signal,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [load = '', ...args] = (env['LOAD'] ?? '').split(' ');
  await succeed(load, [...args, image], { env, signal, stdio: ['ignore', 'inherit', 'inherit'] });
  return image;
}

interface Scene {
  env: NodeJS.ProcessEnv;
  recycle: TestCluster['recycle'];
}

/** One stage after the other. */
async function runLane(
  stages: readonly (readonly [stage: string, files: readonly string[]])[],
  scene: Scene,
): Promise<Counts[]> {
  const counts: Counts[] = [];
  for (const [stage, files] of stages) {
    if (signal.aborted) break;
    counts.push(...(await runSuites(stage, files, scene)));
  }
  return counts;
}

/** Suites of one stage share the namespaces of a run; a new stage, and a second try, begin with none. */
async function runSuites(
  stage: string,
  files: readonly string[],
  { env, recycle }: Scene,
): Promise<Counts[]> {
  const counts: Counts[] = [];
  let run = freshRun();
  const clear = async () => {
    await deleteNamespaces(run, env);
    await recycle();
  };
  const suiteEnv = () => ({ ...env, CLUSTER_RUN: run });
  const how = ['--runInBand'];
  for (const file of files) {
    if (signal.aborted) break;
    const again = async () => {
      // What cannot be shown does not keep the second try from its chance.
      await showNamespaces(run, env).catch((cause: Error) => console.log(cause.message));
      await clear();
      run = freshRun();
      return suiteEnv();
    };
    const args = [...how, '--runTestsByPath', file];
    const limited = AbortSignal.any([signal, AbortSignal.timeout(FILE_LIMIT_MS)]);
    const suite = { args, how, env: suiteEnv(), again, signal: limited };
    await recycle();
    counts.push(await timed(relative(root, file), () => runStage(suite)));
  }
  if (!signal.aborted) await timed(`${stage} cleared away`, clear);
  return counts;
}

function freshRun(): string {
  return randomBytes(4).toString('hex');
}

/** Says how long a step took: the whole has a budget. */
async function timed<T>(what: string, step: () => Promise<T>): Promise<T> {
  const start = performance.now();
  try {
    return await step();
  } finally {
    console.log(`cluster-test: ${what}: ${Math.round((performance.now() - start) / 1000)} s`);
  }
}

async function succeed(...call: Parameters<typeof runChild>): Promise<void> {
  const code = await runChild(...call);
  if (code !== 0 && !signal.aborted) throw new Error(`${call[0]} ${call[1].join(' ')} ended with ${code}`);
}
