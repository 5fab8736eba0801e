import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { captureChild, runChild } from './child.ts';

/**
 * The cluster that `make cluster-test` runs on. Either a script that makes one (CLUSTER=<script> with the verbs up,
 * base-images, addons, load, recycle, env, down), or one that is there (CLUSTER=none, with KUBECONFIG).
 */
export interface TestCluster {
  /** Brings it up, with its base images and addons. @throws Error when it does not come up. */
  up: () => Promise<void>;
  /** Environment in which kubectl and the suites reach it. */
  env: () => Promise<NodeJS.ProcessEnv>;
  /** Frees volumes whose claims are gone, where nobody else does. */
  recycle: () => Promise<void>;
  /** Deletes it, where we brought it up. */
  down: () => Promise<void>;
}

const root = resolve(import.meta.dirname, '..', '..');
const DEFAULT_SCRIPT = '../shared/cluster/cluster';
/** Stands in for the official image of PostgreSQL; the script's base-images make it. */
const POSTGRES = 'localhost/postgres:15';
/** Each verb may be repeated, and what it fetches does not always come the first time. */
const ATTEMPTS = 2;

/** @throws Error that says what to set when no cluster is named. */
export function testCluster(env: NodeJS.ProcessEnv, signal: AbortSignal): TestCluster {
  const named = env['CLUSTER'];
  if (named === 'none') return givenCluster(env);
  const script = resolve(root, named ?? DEFAULT_SCRIPT);
  if (existsSync(script)) return scriptCluster(script, { env, signal });
  throw new Error(
    `There is no ${script}, the script that makes a cluster. With a cluster of your own say\n` +
      "  CLUSTER=none KUBECONFIG=… LOAD='kind load docker-image' make cluster-test\n" +
      'LOAD is the command that brings an image into its nodes. Against kind also: NODE_SHELL="docker exec -i kind-control-plane".',
  );
}

/** A cluster of the user's: nothing of it is made or deleted. */
function givenCluster(env: NodeJS.ProcessEnv): TestCluster {
  if (env['LOAD'] === undefined || env['LOAD'] === '')
    throw new Error(
      "CLUSTER=none needs LOAD, the command that loads an image (LOAD='kind load docker-image').",
    );
  const nothing = async () => undefined;
  return { up: nothing, env: async () => env, recycle: nothing, down: nothing };
}

function scriptCluster(
  script: string,
  { env, signal }: { env: NodeJS.ProcessEnv; signal: AbortSignal },
): TestCluster {
  const keep = env['KEEP'] === '1';
  const run = async (words: string, ended?: AbortSignal): Promise<void> => {
    for (let attempt = 1; ; attempt += 1) {
      const code = await runChild(script, words.split(' '), {
        env,
        signal: ended,
        stdio: ['ignore', 'inherit', 'inherit'],
      });
      if (code === 0 || ended?.aborted) return;
      if (attempt === ATTEMPTS) throw new Error(`${script} ${words} ended with ${code}`);
      console.log(`${script} ${words} ended with ${code}; once more …`);
    }
  };
  return {
    up: async () => {
      // KEEP=1: what an earlier run left is taken as it is.
      const verbs = keep && (await answers(script)) ? [] : ['up'];
      for (const verb of [...verbs, 'base-images', `load ${POSTGRES}`, 'addons']) await run(verb, signal);
    },
    env: async () => ({
      BASE: 'localhost/node:24',
      POSTGRES_IMAGE: POSTGRES,
      ...env,
      ...(await exported(script)),
      LOAD: `${script} load`,
      CONTAINERD_SOCKET: '/run/realcluster/containerd.sock',
    }),
    recycle: () => run('recycle'),
    // No signal: whoever ended us wants this to be done, and done to the end.
    down: () => (keep ? Promise.resolve() : run('down')),
  };
}

/** What `eval "$(cluster env)"` sets. */
async function exported(script: string): Promise<NodeJS.ProcessEnv> {
  const text = await captureChild('bash', ['-c', 'eval "$("$0" env)" && env -0', script]);
  const all = Object.fromEntries(
    text.split('\0').map((line): [string, string] => {
      const at = line.indexOf('=');
      return [line.slice(0, at), line.slice(at + 1)];
    }),
  );
  return { KUBECONFIG: all['KUBECONFIG'], PATH: all['PATH'] };
}

async function answers(script: string): Promise<boolean> {
  const command = 'eval "$("$0" env)" && kubectl wait --for=condition=Ready nodes --all --timeout=5s';
  return captureChild('bash', ['-c', command, script]).then(
    () => true,
    () => false,
  );
}
