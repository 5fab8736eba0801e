import { afterBuild, clockLine, serverAheadMs } from './clocks.ts';
import { claimLine, outboxLine } from './disks.ts';
import { kinds, kindsWanted } from './kinds.ts';
import { kubelets, serverVersion, versionOf } from './kubernetes-version.ts';
import { rightsLines } from './rights.ts';
import { keyKind, STRIPE_USES, stripeLine } from './stripe-key.ts';

describe('versions', () => {
  test.each([
    ['v1.29.0', 'ok'],
    ['v1.32.4+k3s1', 'ok'],
    ['v1.30.4-eks-a737599', 'ok'],
    ['v1.28.15-gke.1435000', 'fail'],
    ['unheard of', 'unknown'],
  ])('an API server of %s is %s', (version, state) => {
    expect(serverVersion(version).state).toBe(state);
  });

  test('a minor with a plus sign, as some clouds write it, is read', () => {
    expect(versionOf('v1.29+')).toEqual([1, 29]);
  });

  test('a kubelet without native sidecars fails though the API server is new, and is named', () => {
    const seen = kubelets(
      {
        value: [
          { node: 'old-1', version: 'v1.28.9' },
          { node: 'b', version: 'v1.31.0' },
        ],
      },
      'v1.31.0',
    );
    expect(seen).toMatchObject({ state: 'fail', detail: expect.stringContaining('old-1 (v1.28.9)') });
  });

  test('a kubelet further behind than Kubernetes supports is a warning; nodes that may not be listed are unknown', () => {
    expect(kubelets({ value: [{ node: 'a', version: 'v1.29.1' }] }, 'v1.33.0').state).toBe('warn');
    expect(kubelets({ value: [{ node: 'a', version: 'v1.29.1' }] }, 'v1.32.0').state).toBe('ok');
    expect(kubelets({ reason: 'the right to list nodes is missing' }, 'v1.32.0').state).toBe('unknown');
  });
});

describe('kinds', () => {
  const SERVED = {
    'scholar.dev': [{ version: 'v1alpha1', kinds: ['TruthTable'] }],
    'monitoring.coreos.com': [{ version: 'v1', kinds: ['PodMonitor', 'Prometheus'] }],
    'bitnami.com': [{ version: 'v1', kinds: ['SealedSecret'] }],
  };
  const line = (kind: string, wanted = {}) =>
    kinds({ value: SERVED }, wanted).find(({ name }) => name === `kind ${kind}`);

  test('one that is served as the charts write it is fine, with its versions', () => {
    expect(line('TruthTable')).toMatchObject({ state: 'ok', detail: 'scholar.dev: v1alpha1' });
  });

  test('one that is missing fails only when somebody asks for it, and names who', () => {
    expect(line('ServiceMonitor')?.state).toBe('ok');
    expect(line('ServiceMonitor', { ServiceMonitor: 'hub.metrics.serviceMonitor.enabled' })).toMatchObject({
      state: 'fail',
      detail: expect.stringContaining('hub.metrics.serviceMonitor.enabled'),
      todo: 'install the Prometheus operator',
    });
  });

  test('one that is served in another version only is missing', () => {
    expect(line('SealedSecret', { SealedSecret: 'secrets.sealed' })).toMatchObject({
      state: 'fail',
      detail: expect.stringContaining('served as v1, not as v1alpha1'),
    });
  });

  test('values ask for a kind wherever a chart nests them, and only when they say true', () => {
    const values = {
      global: { scholar: { secrets: { sealed: true }, metrics: { podMonitor: { enabled: true } } } },
      hub: { metrics: { serviceMonitor: { enabled: false }, prometheusRule: { enabled: 'yes' } } },
      operator: { enabled: true },
    };
    expect(kindsWanted(values)).toEqual({
      TruthTable: 'operator.enabled',
      PodMonitor: 'global.scholar.metrics.podMonitor.enabled',
      SealedSecret: 'global.scholar.secrets.sealed',
    });
    expect(kindsWanted(null)).toEqual({});
  });
});

describe('clocks', () => {
  test.each([
    [1_900, 'ok'],
    [-3_000, 'warn'],
    [5_001, 'fail'],
    [-3_600_000, 'fail'],
  ])('a clock that is %d ms from ours is %s', (value, state) => {
    expect(clockLine('clock of A8', { value }).state).toBe(state);
  });

  test('the second that a Date header does not tell is never held against the API server', () => {
    const date = new Date('2026-11-29T12:00:00Z');
    expect(serverAheadMs({ date, askedAt: date.getTime() + 999 })).toEqual({ value: 0 });
    expect(serverAheadMs({ date, askedAt: date.getTime() + 4_000 })).toEqual({ value: -3_000 });
    expect(serverAheadMs({ date, askedAt: date.getTime() - 2_500 })).toEqual({ value: 2_500 });
    expect(serverAheadMs({ date: undefined, askedAt: 0 }).value).toBeUndefined();
  });

  test('a clock before the time of the build is wrong', () => {
    expect(afterBuild(1_000_000, 900_000).state).toBe('ok');
    expect(afterBuild(1_000_000, 1_100_000).state).toBe('fail');
    expect(afterBuild(1_000_000, undefined).state).toBe('unknown');
  });
});

describe('disks', () => {
  const use = (usedBytes: number) => ({ usedBytes, maxBytes: 1_000 });

  test.each([
    [790, 'ok'],
    [800, 'warn'],
    [950, 'fail'],
  ])('an outbox with %d of 1000 bytes is %s, and the fullest is named', (used, state) => {
    const seen = outboxLine({
      value: [
        { label: 'scholar_auth', use: use(10) },
        { label: 'student_pilot', use: use(used) },
      ],
    });
    expect(seen).toMatchObject({ state, detail: expect.stringContaining('student_pilot') });
  });

  test('a forwarder that does not answer leaves it unknown, unless another one is full', () => {
    const silent = { label: 'scholar_auth', use: undefined };
    expect(outboxLine({ value: [silent, { label: 'student_pilot', use: use(1) }] })).toMatchObject({
      state: 'unknown',
      detail: expect.stringContaining('scholar_auth'),
    });
    expect(outboxLine({ value: [silent, { label: 'student_pilot', use: use(990) }] }).state).toBe('fail');
    expect(outboxLine({ value: [] }).state).toBe('unknown');
  });

  test.each([
    ['Bound', true, 'ok'],
    ['Pending', true, 'fail'],
    ['Pending', false, 'warn'],
    ['Lost', false, 'fail'],
  ])('a claim that is %s (used: %s) is %s', (phase, used, state) => {
    expect(claimLine({ value: [{ name: 'outbox-scholar-auth-0', phase, used }] }).state).toBe(state);
  });
});

describe('rights', () => {
  const has = { verb: 'list', group: '', resource: 'pods', allowed: true, missingOn: [] } as const;
  const lines = (verbs: string, ...more: object[]) =>
    rightsLines([
      {
        verbs,
        lacking: verbs === 'fix' ? 'warn' : 'fail',
        answers: { value: [has, ...(more as (typeof has)[])] },
      },
    ])[0];

  test('each one that is missing is named in the words of a Role', () => {
    const forward = {
      verb: 'create',
      group: '',
      resource: 'pods',
      subresource: 'portforward',
      allowed: false,
      missingOn: [],
    };
    const lease = {
      ...{ verb: 'update', group: 'coordination.k8s.io', resource: 'leases', allowed: false },
      missingOn: ['a-repair', 'b-repair', 'c-repair', 'd-repair'],
    };
    expect(lines('audit', forward, lease)).toMatchObject({
      state: 'fail',
      detail:
        'missing: create pods/portforward; update leases.coordination.k8s.io a-repair, b-repair, c-repair and 1 more',
    });
  });

  test('who may not repair is warned, not failed; what may be left out says what is lost', () => {
    const patch = { verb: 'patch', group: 'apps', resource: 'deployments', allowed: false, missingOn: [] };
    expect(lines('fix', patch)?.state).toBe('warn');
    const log = {
      ...has,
      verb: 'get',
      subresource: 'log',
      allowed: false,
      optional: 'a dead process has no lines',
    };
    expect(lines('audit', log)).toMatchObject({
      state: 'warn',
      detail: 'without get pods/log a dead process has no lines',
    });
    expect(lines('audit')).toMatchObject({ state: 'ok', detail: 'all 1' });
  });
});

describe('the Stripe key', () => {
  const [shop, providers] = STRIPE_USES;
  const may = { endpoints: undefined, events: undefined, sessions: undefined, refunds: undefined };

  test('mode and kind are read from its prefix', () => {
    expect(keyKind('rk_live_abc')).toEqual({ mode: 'live', restricted: true });
    expect(keyKind('sk_test_abc')).toEqual({ mode: 'test', restricted: false });
    expect(keyKind('whatever')).toEqual({ mode: undefined, restricted: false });
  });

  test.each([
    [true, 'live', 'production', 'ok'],
    [true, 'test', 'production', 'fail'],
    [false, 'test', 'production', 'fail'],
    [true, 'live', 'staging', 'fail'],
    [true, 'test', 'staging', 'ok'],
    [false, 'live', 'staging', 'ok'],
  ] as const)('real %s, %s mode, in %s is %s', (real, mode, environment, state) => {
    const seen = { value: { real, mode, restricted: false, refused: may } };
    expect(stripeLine({ use: shop, seen, environment }).state).toBe(state);
  });

  test('a restricted key fails for the right that its app uses, and only for that one', () => {
    const none = 'The provided key does not have the required permissions';
    const refused = { ...may, events: none, refunds: none };
    const seen = { value: { real: true, mode: 'test' as const, restricted: true, refused } };
    expect(stripeLine({ use: shop, seen, environment: 'staging' }).state).toBe('ok');
    expect(stripeLine({ use: providers, seen, environment: 'staging' })).toMatchObject({
      state: 'fail',
      detail: expect.stringContaining('cannot read events, refunds'),
      todo: expect.stringContaining('events (read), charges and refunds (read)'),
    });
  });
});
