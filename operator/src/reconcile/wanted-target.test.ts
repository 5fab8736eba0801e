import { objectName } from '../target/cluster/names.ts';
import { specOf } from './testing/facts.ts';
import { unusable, wantedTarget } from './wanted-target.ts';

const LABELS = ['scholar_auth', 'provider_register'] as const;

test('a spec says what is looked at, how often, and how much may be done', () => {
  const spec = specOf(LABELS, { remedy: 'Repair', repair: { maxPerHour: 3 }, canaryInterval: '1m30s' });
  const [app] = spec.apps;
  app?.secrets.push({ setting: 'A8_KEY', source: { kind: 'Secret', name: 'vault' } });
  app?.secrets.push({ setting: 'CANARY_KEY', source: { kind: 'SealedSecret', name: 'sealed' } });
  expect(wantedTarget(spec, 'scholar')).toMatchObject({
    namespace: 'scholar',
    labels: LABELS,
    canaryIntervalMs: 90_000,
    writeBoundMs: 150,
    limits: { maxPerHour: 3 },
    secretFrom: [{ label: 'scholar_auth', key: 'A8_KEY', secret: 'vault', secretKey: 'A8_KEY' }],
  });
});

test('guards are tried every five minutes unless the spec says otherwise, also under an older definition', () => {
  const { guards: _, ...older } = specOf(LABELS);
  expect(wantedTarget(older as ReturnType<typeof specOf>, 'scholar').guardsEveryMs).toBe(300_000);
  expect(wantedTarget(specOf(LABELS, { guards: { every: '1h' } }), 'scholar').guardsEveryMs).toBe(3_600_000);
});

test('rows are read by the Secret that the spec names, else by what A8 is given', () => {
  const { hub } = specOf(LABELS);
  const named = { ...hub, database: { name: 'reader', key: 'url' } };
  expect(wantedTarget(specOf(LABELS, { hub: named }), 'scholar').database).toEqual({
    secret: 'reader',
    key: 'url',
  });
  const { database: _, ...rest } = hub;
  expect(wantedTarget({ ...specOf(LABELS), hub: rest }, 'scholar').database).toBeUndefined();
});

test('drills are off unless the spec asks for them', () => {
  expect(wantedTarget(specOf(LABELS), 'scholar').drill).toBeUndefined();
  const drill = { every: '24h', app: 'provider_register', events: 200 } as const;
  expect(wantedTarget(specOf(LABELS, { drill }), 'scholar').drill).toEqual({
    ...{ everyMs: 86_400_000, label: 'provider_register', events: 200 },
  });
});

test.each([
  ['Observe', 'staging', undefined, false],
  ['Repair', 'staging', undefined, true],
  ['Repair', 'production', undefined, false],
  ['Repair', 'production', 'somebody', true],
] as const)(
  'remedy %s in %s, approved by %s: something may be changed is %s',
  (remedy, environment, approvedBy, may) => {
    const repair = { maxPerHour: 6, ...(approvedBy === undefined ? {} : { approvedBy }) };
    expect(wantedTarget(specOf(LABELS, { remedy, environment, repair }), 'n').limits !== undefined).toBe(may);
  },
);

test('a spec as the charts write it is usable', () => {
  expect(unusable(specOf(LABELS), 'scholar')).toBeUndefined();
});

test.each(['http://scholar-auth.scholar:8080', 'http://scholar-auth.scholar.svc.cluster.local:8080'])(
  '%s is the Service of this namespace',
  (url) => {
    const spec = specOf(LABELS);
    expect(
      unusable(
        { ...spec, apps: spec.apps.map((app) => (app.label === 'scholar_auth' ? { ...app, url } : app)) },
        'scholar',
      ),
    ).toBeUndefined();
  },
);

test.each([
  [
    'a workload of another name',
    { workload: { kind: 'Deployment' as const, name: 'mine' } },
    /workload is mine/,
  ],
  ['a Service of another namespace', { url: 'http://scholar-auth.other:8080' }, /Service scholar-auth/],
  ['an address outside', { url: 'https://scholar.example' }, /Service scholar-auth/],
])('a spec that names %s speaks of something else than what is looked at', (_, change, expected) => {
  const spec = specOf(LABELS);
  const apps = spec.apps.map((app) =>
    app.workload.name === objectName('scholar_auth') ? { ...app, ...change } : app,
  );
  expect(unusable({ ...spec, apps }, 'scholar')).toMatch(expected);
});
