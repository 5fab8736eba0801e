import { kubectl } from '../../harness/kubectl.ts';
import { helm } from '../harness/helm.ts';
import { ensureNamespace } from '../harness/namespace.ts';
import {
  type ChartRelease,
  installChart,
  objectsThatStay,
  uninstallChart,
  upgradeUnchanged,
} from './chart-release.ts';

/**
 * values-dev.yaml by both Helms, one after the other in one namespace: the second installation takes up the Secrets and
 * claims that the first has left. Pods must be of Pod Security "restricted", or the namespace refuses them.
 */
const PATIENCE_MS = 900_000;

const APPS = [
  'auto-page-maker',
  'provider-register',
  'scholar-auth',
  'scholarship-agent',
  'scholarship-api',
  'scholarship-sage',
  'student-pilot',
];

let namespace: string;

beforeAll(async () => {
  namespace = await ensureNamespace('charts');
});

describe.each([4, 3] as const)('values-dev.yaml by Helm %i', (version) => {
  const release = (): ChartRelease => ({
    namespace,
    chart: 'scholar',
    values: ['scholar/values-dev.yaml'],
    version,
  });

  test(
    'everything becomes ready in a namespace that admits restricted pods only',
    async () => {
      await installChart(release());
      const pods = await kubectl('get', 'pods', '-n', namespace, '-o', 'jsonpath={.items[*].metadata.name}');
      for (const app of APPS) expect(pods.split(' ')).toContain(`${app}-0`);
    },
    PATIENCE_MS,
  );

  test(
    'once more with the same values: no workload changes and no pod',
    async () => {
      const { before, after } = await upgradeUnchanged(namespace, [release()]);
      expect(after).toBe(before);
    },
    PATIENCE_MS,
  );

  test(
    '`helm test --logs` sends a canary, reads its row back, and shows what it said',
    async () => {
      const told = await helm(
        version,
        ...['test', 'scholar', '--namespace', namespace, '--logs', '--timeout', '5m'],
      );
      expect(told).toMatch(/Phase:\s+Succeeded/u);
      expect(told).toMatch(/Event [0-9a-f-]{36} of scholar_auth is a row since/u);
    },
    PATIENCE_MS,
  );

  test(
    '`helm uninstall` leaves generated Secrets, claims and the pod of the test, and nothing else',
    async () => {
      const secrets = await helm(version, 'get', 'manifest', 'scholar', '--namespace', namespace);
      await uninstallChart(release());
      const left = await objectsThatStay(namespace);
      for (const app of APPS) expect(left).toContain(`persistentvolumeclaim/outbox-${app}-0`);
      expect(left).toContain('persistentvolumeclaim/data-scholar-postgresql-0');
      const kept = left.filter((name) => name.startsWith('secret/')).length;
      expect(kept).toBe([...secrets.matchAll(/^kind: Secret$/gmu)].length);
    },
    PATIENCE_MS,
  );
});
