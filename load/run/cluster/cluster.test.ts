import { PROFILES } from '../../scenarios/parts/profiles.ts';
import { type LoadJob, loadObjects } from './job.ts';
import { likeA8 } from './like-a8.ts';
import { scriptsConfigMap, testRun } from './test-run.ts';

const OF: LoadJob = {
  ...{ profile: 'smoke', image: 'registry.example/scholar:1', pullSecrets: [], databaseSecret: 'own-app' },
  ...{ caSecret: undefined, k6Image: undefined, lasts: undefined, remoteWriteUrl: undefined },
  writeP95Ms: undefined,
  prometheusNamespace: 'monitoring',
};
const PROFILE_NAMES = Object.keys(PROFILES) as (keyof typeof PROFILES)[];

/** Every entry of every `env` in an object, however deep. */
function envOf(object: unknown): { name: string; value?: string; valueFrom?: object }[] {
  if (typeof object !== 'object' || object === null) return [];
  return Object.entries(object).flatMap(([key, value]) => (key === 'env' ? value : envOf(value)));
}

test.each(PROFILE_NAMES)('%s: no key stands in an object of a load, only where it is', (profile) => {
  const objects = [
    ...loadObjects({ ...OF, profile }),
    testRun({ profile, k6Image: 'k6', paths: [], remoteWriteUrl: undefined }),
  ];
  const secrets = envOf(objects).filter(({ name }) => /_KEY$|SECRET|DATABASE_URL/.test(name));
  expect(secrets.length).toBeGreaterThanOrEqual(5);
  for (const { name, value, valueFrom } of secrets)
    expect([name, value, Object.keys(valueFrom ?? {})]).toEqual([name, undefined, ['secretKeyRef']]);
  expect(secrets.some(({ name }) => name === 'STRIPE_WEBHOOK_SECRET')).toBe(profile === 'webhook');
});

const jobOf = (of: Partial<LoadJob>) => loadObjects({ ...OF, ...of }).at(-1) as { spec: JobSpec };
interface JobSpec {
  activeDeadlineSeconds: number;
  backoffLimit: number;
  template: {
    spec: {
      initContainers?: { image: string; command: string[] }[];
      containers: { image: string; env: { name: string; value?: string }[] }[];
      volumes: { name: string; secret?: { secretName: string } }[];
    };
  };
}

test('a Job has time for all of its profile, and for as much as LASTS says in its place', () => {
  expect(jobOf({ profile: 'soak' }).spec.activeDeadlineSeconds).toBeGreaterThan(7_200 + 60);
  expect(jobOf({ profile: 'soak', lasts: '30' }).spec.activeDeadlineSeconds).toBeLessThan(1_000);
  expect(() => jobOf({ lasts: 'long' })).toThrow(/LASTS=long/);
  expect(jobOf({}).spec.backoffLimit).toBe(0);
});

test('our runner plays, or k6 out of its own image, on the PATH of the container that judges', () => {
  const env = ({ spec }: { spec: JobSpec }) =>
    Object.fromEntries(spec.template.spec.containers[0]?.env.map(({ name, value }) => [name, value]) ?? []);
  expect(jobOf({}).spec.template.spec.initContainers).toBeUndefined();
  expect(env(jobOf({}))['ENGINE']).toBe('runner');
  const byK6 = jobOf({ k6Image: 'grafana/k6:2.3.0', remoteWriteUrl: 'http://prometheus:9090/api/v1/write' });
  expect(
    byK6.spec.template.spec.initContainers?.map(({ image, command }) => [image, command.at(-1)]),
  ).toEqual([['grafana/k6:2.3.0', '/k6/k6']]);
  expect(byK6.spec.template.spec.containers.map(({ image }) => image)).toEqual([OF.image]);
  expect(env(byK6)).toMatchObject({
    ...{ ENGINE: 'k6', PATH: expect.stringMatching(/^\/k6:/) },
    K6_PROMETHEUS_RW_TREND_STATS: 'p(50),p(95),p(99),max',
  });
});

test('a load takes image, credentials and the database of the A8 that is there', () => {
  const volumes = [
    { name: 'tmp', emptyDir: {} },
    { name: 'app', secret: { secretName: 'my-a8' } },
    { name: 'database-ca', secret: { secretName: 'my-ca' } },
  ];
  const spec = {
    imagePullSecrets: [{ name: 'pull' }],
    containers: [{ name: 'app', image: 'mine:2' }],
    volumes,
  };
  const like = likeA8(JSON.stringify({ spec: { template: { spec } } }));
  expect(like).toEqual({
    ...{ image: 'mine:2', pullSecrets: [{ name: 'pull' }], databaseSecret: 'my-a8', caSecret: 'my-ca' },
  });
  const pod = jobOf(like).spec.template.spec;
  expect(pod.volumes).toContainEqual({
    name: 'database-ca',
    secret: { secretName: 'my-ca', defaultMode: 0o440 },
  });
  expect(() => likeA8('{"spec":{"template":{"spec":{"containers":[]}}}}')).toThrow(/no container app/);
});

test('every script of a TestRun is in its ConfigMap, and lies where the others import it from', () => {
  const files = new Map([
    ['smoke.ts', 'one'],
    ['parts/write.ts', 'two'],
  ]);
  const { data } = scriptsConfigMap(files) as { data: Record<string, string> };
  const run = testRun({
    profile: 'smoke',
    k6Image: 'k6',
    paths: [...files.keys()],
    remoteWriteUrl: undefined,
  });
  const { spec } = run as {
    spec: {
      script: { localFile: string };
      runner: { volumes: { configMap?: { items: { key: string; path: string }[] } }[] };
    };
  };
  const items = spec.runner.volumes[0]?.configMap?.items ?? [];
  expect(items.map(({ key, path }) => [path, data[key]])).toEqual([...files]);
  expect(spec.script.localFile).toBe('/scripts/smoke.ts');
});
