import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StandIns } from '../../test/harness/stand-ins.ts';

const UP = join(import.meta.dirname, 'up');
const DOWN = join(import.meta.dirname, 'down');
const TOOLS = ['kind', 'minikube', 'kubectl', 'helm', 'docker', 'npx', 'sleep'];
const ID = 'sha256:0123456789abcdef0123';
const TAG = '0.1.0-0123456789ab';

const ANSWERS = `
  'docker image inspect --format'*) echo ${ID} ;;
  'podman image inspect --format'*) echo ${ID} ;;
  'kubectl'*'get --raw /version') echo '{"major":"1","minor":"37+"}' ;;
  'helm status'*) echo '{"info":{"status":"deployed"}}' ;;
`;

let standIns: StandIns | undefined;
/** Runs `up` with stand-ins; `first` are answers that go before the usual ones. */
async function up(driver: string, { first = '', tools = TOOLS, env = {} } = {}) {
  standIns = await StandIns.make(tools, `${first}\n${ANSWERS}`);
  return standIns.run(UP, [driver], env);
}

afterEach(async () => {
  await standIns?.remove();
  standIns = undefined;
});

const IN_KIND = '--kube-context kind-scholar --namespace scholar';
const AFTER_THE_CLUSTER = (context: string, load: string) => [
  `kubectl --context ${context} get --raw /version`,
  'docker build --build-arg BASE=node:24-slim -t localhost/scholar:0.1.0 .',
  'docker image inspect --format {{.Id}} localhost/scholar:0.1.0',
  `docker tag localhost/scholar:0.1.0 localhost/scholar:${TAG}`,
  `docker save -o TMP localhost/scholar:${TAG}`,
  load,
  'helm dependency build charts/scholar',
  `helm status scholar --output json --kube-context ${context} --namespace scholar`,
  `helm upgrade scholar charts/scholar --install --kube-context ${context} --namespace scholar --create-namespace` +
    ' --values charts/scholar/values-dev.yaml --set-string global.scholar.image.repository=localhost/scholar' +
    ` --set-string global.scholar.image.tag=${TAG} --wait --timeout 10m`,
  `helm test scholar --logs --timeout 5m --kube-context ${context} --namespace scholar`,
  `npx --no scholar verify --target cluster --context ${context} --namespace scholar`,
];

describe('kind', () => {
  test('makes the pinned cluster, builds and loads the image, installs, tests and verifies, in that order', async () => {
    const { code, calls, stdout } = await up('kind');
    expect(calls).toEqual([
      'docker info',
      'kind get clusters',
      'kind create cluster --name scholar --config k8s/kind/cluster.yaml --wait 180s',
      ...AFTER_THE_CLUSTER('kind-scholar', 'kind load image-archive TMP --name scholar'),
    ]);
    expect(stdout).toContain(
      'kubectl --context kind-scholar -n scholar port-forward service/auto-com-center 8108:8080',
    );
    expect(stdout).toContain('make kind-down');
    expect(code).toBe(0);
  });

  test('uses the cluster that is there, and makes no second one', async () => {
    const { code, calls } = await up('kind', {
      first: `'kind get clusters') printf 'other\\nscholar\\n' ;;`,
    });
    expect(calls.filter((call) => call.startsWith('kind'))).toEqual([
      'kind get clusters',
      'kind export kubeconfig --name scholar',
      'kind load image-archive TMP --name scholar',
    ]);
    expect(code).toBe(0);
  });

  test('with podman kind is told so, and the image comes from podman', async () => {
    const { code, calls } = await up('kind', {
      tools: ['kind', 'kubectl', 'helm', 'podman', 'npx', 'sleep'],
      first: `'kind get clusters') [ "$KIND_EXPERIMENTAL_PROVIDER" = podman ] || exit 9; echo scholar ;;`,
    });
    expect(calls).toContain('kind export kubeconfig --name scholar');
    expect(calls).toContain(`podman save -o TMP localhost/scholar:${TAG}`);
    expect(code).toBe(0);
  });

  test('another name, namespace, image and values file reach every call', async () => {
    const { code, calls } = await up('kind', {
      env: { CLUSTER: 'c', NAMESPACE: 'n', IMAGE: 'registry.example:5000/team/scholar:7', VALUES: '/v.yaml' },
    });
    expect(calls).toContain('kind create cluster --name c --config k8s/kind/cluster.yaml --wait 180s');
    expect(calls).toContain('docker save -o TMP registry.example:5000/team/scholar:7');
    expect(calls.find((call) => call.startsWith('helm upgrade'))).toBe(
      'helm upgrade scholar charts/scholar --install --kube-context kind-c --namespace n --create-namespace' +
        ' --values charts/scholar/values-dev.yaml --values /v.yaml' +
        ' --set-string global.scholar.image.repository=registry.example:5000/team/scholar' +
        ' --set-string global.scholar.image.tag=7 --wait --timeout 10m',
    );
    expect(calls.filter((call) => call.startsWith('docker build'))).toEqual([]);
    expect(code).toBe(0);
  });
});

test('minikube: starts the pinned profile, and does with it what is done with kind', async () => {
  const { code, calls, stdout } = await up('minikube');
  expect(calls).toEqual([
    'docker info',
    'minikube start --profile scholar --driver docker --container-runtime containerd' +
      ' --kubernetes-version v1.35.1 --cpus 2 --memory 4g',
    ...AFTER_THE_CLUSTER('scholar', 'minikube image load TMP --profile scholar'),
  ]);
  expect(stdout).toContain('make minikube-down');
  expect(code).toBe(0);
});

describe('what stops it', () => {
  test('everything that is missing is named at once, and nothing is made', async () => {
    const { code, calls, stderr } = await up('kind', {
      tools: ['docker'],
      first: `'docker info') exit 1 ;;`,
    });
    expect(stderr).toMatch(/kind {4}.*\n {2}kubectl {4}.*\n {2}helm {4}.*\n {2}docker or podman, running/);
    expect(calls).toEqual(['docker info']);
    expect(code).toBe(1);
  });

  test('a cluster without native sidecars is refused before anything is loaded', async () => {
    const { code, calls, stderr } = await up('kind', {
      first: `'kubectl'*'get --raw /version') echo '{"major":"1","minor":"28"}' ;;`,
    });
    expect(stderr).toContain('Kubernetes 1.28; native sidecars need 1.29');
    expect(calls.at(-1)).toBe('kubectl --context kind-scholar get --raw /version');
    expect(code).toBe(1);
  });

  test('a cluster that does not answer is named, with the way out', async () => {
    const { code, stderr } = await up('minikube', { first: `'kubectl'*'get --raw /version') exit 1 ;;` });
    expect(stderr).toContain('does not answer. Delete it with `make minikube-down`');
    expect(code).toBe(1);
  });

  test('a failed build is the end', async () => {
    const { code, calls } = await up('kind', { first: `'docker build'*) exit 5 ;;` });
    expect(calls.at(-1)).toMatch(/^docker build/);
    expect(code).not.toBe(0);
  });

  test('an image that is not there, or has no tag, is told before the cluster is changed', async () => {
    const absent = await up('kind', {
      env: { IMAGE: 'scholar:none' },
      first: `'docker image inspect'*) exit 1 ;;`,
    });
    expect(absent.stderr).toContain('docker has no image scholar:none');
    expect(absent.code).toBe(1);
    await standIns?.remove();
    const tagless = await up('kind', { env: { IMAGE: 'registry.example:5000/scholar' } });
    expect(tagless.stderr).toContain('has no tag');
    expect(tagless.code).toBe(1);
  });

  test('what does not become ready is shown, and nothing is verified', async () => {
    const { code, calls, stderr } = await up('kind', { first: `'helm upgrade'*) exit 1 ;;` });
    expect(calls.slice(-2)).toEqual([
      'kubectl --context kind-scholar --namespace scholar get pods',
      'kubectl --context kind-scholar --namespace scholar get events --field-selector type=Warning --sort-by .lastTimestamp',
    ]);
    expect(stderr).toContain('not everything became ready');
    expect(code).toBe(1);
  });

  test('a truth table that is red five times is a failure', async () => {
    const { code, stdout, calls } = await up('kind', { first: `'npx'*) exit 1 ;;` });
    expect(calls.filter((call) => call.startsWith('npx'))).toHaveLength(5);
    expect(stdout).not.toContain('What to type next');
    expect(code).toBe(1);
  });
});

test('a truth table that is green at the second look is green', async () => {
  const { code, calls } = await up('kind', {
    first: `'npx'*) [ -e "$HOME/looked" ] || { : >"$HOME/looked"; exit 1; } ;;`,
  });
  expect(calls.filter((call) => /^(npx|sleep)/.test(call))).toHaveLength(3);
  expect(code).toBe(0);
});

test('an installation that was interrupted is taken away first, or it would block every further one', async () => {
  const { calls } = await up('kind', {
    first: `'helm status'*) echo '{"info":{"status":"pending-install"}}' ;;`,
  });
  expect(calls).toContain(`helm uninstall scholar --wait ${IN_KIND}`);
});

test('a namespace without a release is no error', async () => {
  const { code, calls } = await up('kind', {
    first: `'helm status'*) echo 'Error: not found' >&2; exit 1 ;;`,
  });
  expect(calls.filter((call) => call.startsWith('helm uninstall'))).toEqual([]);
  expect(code).toBe(0);
});

test('no call can reach another cluster than its own', async () => {
  const { calls } = await up('kind', { first: `'helm upgrade'*) exit 1 ;;` });
  const reaching = calls.filter(
    (call) => /^(kubectl|helm|npx)/.test(call) && !call.startsWith('helm dependency'),
  );
  expect(reaching.length).toBeGreaterThan(3);
  expect(reaching.filter((call) => !/--(kube-)?context kind-scholar\b/.test(call))).toEqual([]);
});

test('the archive of the image is gone afterwards, also when loading fails', async () => {
  const { code } = await up('kind', {
    first: `'docker save'*) echo archive >"$3" ;;\n'kind load'*) exit 3 ;;`,
  });
  expect(code).not.toBe(0);
  expect((await readdir(standIns?.folder ?? '')).filter((name) => name.startsWith('scholar-image'))).toEqual(
    [],
  );
});

describe('down', () => {
  test.each([
    ['kind', 'kind delete cluster --name scholar'],
    ['minikube', 'minikube delete --profile scholar'],
  ])('%s: deletes the cluster', async (driver, call) => {
    standIns = await StandIns.make(TOOLS);
    const { code, calls } = await standIns.run(DOWN, [driver]);
    expect(calls.at(-1)).toBe(call);
    expect(code).toBe(0);
  });

  test('says what it needs', async () => {
    standIns = await StandIns.make([]);
    const { code, stderr } = await standIns.run(DOWN, ['kind']);
    expect(stderr).toContain('make kind-down needs kind');
    expect(code).toBe(1);
  });
});
