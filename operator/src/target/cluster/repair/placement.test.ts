import { placementOf } from './placement.ts';
import { HUB_URL, type OneApp, oneApp } from './testing/one-app.ts';

const A2 = { label: 'scholarship_api', role: 'app' } as const;
const reset = (key: string, role: 'app' | 'forwarder' = 'app') =>
  ({ kind: 'reset_setting', label: 'scholarship_api', role, key, restart: false }) as const;
const from = (secret: string, secretKey: string) => ({ ...A2, key: 'STRIPE_SECRET_KEY', secret, secretKey });

test.each<[string, OneApp, ReturnType<typeof reset>, object]>([
  [
    'a setting that somebody wrote into the ConfigMap',
    { settings: { EMIT_MODE: 'console' } },
    reset('EMIT_MODE'),
    { to: 'configMap', key: 'EMIT_MODE', value: 'forwarder' },
  ],
  [
    'a port on which nobody looks for the app',
    { settings: { PORT: 'banana' } },
    reset('PORT'),
    { to: 'configMap', key: 'PORT', value: '8080' },
  ],
  [
    'an address of A8 that leads elsewhere',
    { settings: { A8_URL: 'http://elsewhere' } },
    reset('A8_URL'),
    { to: 'configMap', key: 'A8_URL', value: HUB_URL },
  ],
  ['a setting that only the process has otherwise', {}, reset('EMIT_MODE'), { to: 'restart' }],
  [
    'a setting that is its owner to choose',
    { settings: { LOG_LEVEL: 'debug' } },
    reset('LOG_LEVEL'),
    { to: 'restart' },
  ],
  [
    'a setting in the pod template itself, which wins over every source',
    { env: [{ name: 'EMIT_MODE', value: 'console' }] },
    reset('EMIT_MODE'),
    {
      to: 'person',
      advice: expect.stringContaining(
        'kubectl -n trial set env statefulset/scholarship-api -c app EMIT_MODE-',
      ),
    },
  ],
  [
    'a chart that does not read <app>-repair',
    { settings: { EMIT_MODE: 'console' }, repairable: false },
    reset('EMIT_MODE'),
    { to: 'person', advice: expect.stringContaining('does not read scholarship-api-repair') },
  ],
  [
    'a setting that app and forwarder need at different values',
    { settings: { OPS_PORT: '9999' } },
    reset('OPS_PORT'),
    { to: 'person', advice: expect.stringContaining('back to 9464') },
  ],
  [
    'a secret that lies in a Secret which was named',
    { secrets: { vault: { stripe: 'sk_test_1' } }, secretFrom: [from('vault', 'stripe')] },
    reset('STRIPE_SECRET_KEY'),
    { to: 'secret', key: 'STRIPE_SECRET_KEY', value: 'sk_test_1', from: from('vault', 'stripe') },
  ],
  [
    'a secret that is in its own Secret again',
    {
      secrets: {
        vault: { stripe: 'sk_test_1' },
        'scholarship-api-stripe': { STRIPE_SECRET_KEY: 'sk_test_1' },
      },
      secretFrom: [from('vault', 'stripe')],
    },
    reset('STRIPE_SECRET_KEY'),
    { to: 'restart' },
  ],
  [
    'a named Secret that is not there',
    { secretFrom: [from('vault', 'stripe')] },
    reset('STRIPE_SECRET_KEY'),
    { to: 'person', advice: expect.stringContaining('there is no Secret vault') },
  ],
  [
    'a named Secret without the key',
    { secrets: { vault: {} }, secretFrom: [from('vault', 'stripe')] },
    reset('STRIPE_SECRET_KEY'),
    { to: 'person', advice: expect.stringContaining('has no stripe') },
  ],
])('%s', (_what, app, remedy, expected) => {
  expect(placementOf(remedy, oneApp(app))).toEqual(expected);
});

test.each<[string, OneApp, string | undefined]>([
  [
    'was scaled to 0',
    { workload: { replicas: 0 } },
    'kubectl -n trial scale statefulset/scholarship-api --replicas=1',
  ],
  ['is not installed', { workload: { name: 'other' } }, 'not installed'],
  ['has pods that are refused', { workload: { trouble: 'quota' } }, 'describe statefulset/scholarship-api'],
  ['has a pod that was made without its forwarder', {}, undefined],
])('to start an app that %s', (_what, app, advice) => {
  const placement = placementOf({ kind: 'start', label: 'scholarship_api', role: 'forwarder' }, oneApp(app));
  expect(placement).toEqual(
    advice === undefined ? { to: 'restart' } : { to: 'person', advice: expect.stringContaining(advice) },
  );
});

test("events are sent again by the forwarders, and the ring is its owner's", () => {
  const of = (remedy: Parameters<typeof placementOf>[0]) => placementOf(remedy, oneApp()).to;
  expect(of({ kind: 'replay', label: 'scholarship_api', eventIds: ['e'] })).toBe('forwarders');
  expect(of({ kind: 'replay_dead', label: 'scholarship_api' })).toBe('forwarders');
  expect(of({ kind: 'restore_key_ring', label: 'auto_com_center' })).toBe('person');
});
