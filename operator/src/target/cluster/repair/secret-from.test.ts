import { parseServiceLabel } from '../../local/layout.ts';
import { declaredSources, parseSecretSource } from './secret-from.ts';

test.each([
  [
    'scholarship_api.STRIPE_SECRET_KEY=secret/vault#stripe.key',
    { label: 'scholarship_api', key: 'STRIPE_SECRET_KEY', secret: 'vault', secretKey: 'stripe.key' },
  ],
  [
    'A1.A8_KEY=secret/old-keys#A8_KEY',
    { label: 'scholar_auth', key: 'A8_KEY', secret: 'old-keys', secretKey: 'A8_KEY' },
  ],
  ['A9.A8_KEY=secret/x#y', expect.stringContaining('no service is called A9')],
  ['A1.A8_KEY=configmap/x#y', expect.stringContaining('LABEL.KEY=secret/NAME#KEY')],
  ['A1.A8_KEY=secret/Upper#y', expect.stringContaining('LABEL.KEY=secret/NAME#KEY')],
  ['A1.A8_KEY=secret/x', expect.stringContaining('LABEL.KEY=secret/NAME#KEY')],
  ['A1.CONTROL_TOKEN=secret/x#y', expect.stringContaining("the forwarder's alone")],
])('%s', (text, expected) => {
  expect(parseSecretSource(text, parseServiceLabel)).toEqual(expected);
});

test('a TruthTable names the Secrets of its apps as sources, and what a SealedSecret owns as none', () => {
  const app = {
    label: 'scholarship_api' as const,
    workload: { kind: 'StatefulSet' as const, name: 'scholarship-api' },
    url: 'http://scholarship-api:8080',
    minimumEventsPerHour: 0,
    secrets: [
      { setting: 'STRIPE_SECRET_KEY', source: { kind: 'Secret' as const, name: 'vault', key: 'stripe' } },
      { setting: 'SERVICE_SECRET', source: { kind: 'Secret' as const, name: 'vault' } },
      { setting: 'A8_KEY', source: { kind: 'SealedSecret' as const, name: 'scholarship-api-a8' } },
      { setting: 'CONTROL_TOKEN', source: { kind: 'Secret' as const, name: 'scholarship-api-a8' } },
    ],
  };
  expect(declaredSources([app]).map(({ key, secret, secretKey }) => [key, secret, secretKey])).toEqual([
    ['STRIPE_SECRET_KEY', 'vault', 'stripe'],
    ['SERVICE_SECRET', 'vault', 'SERVICE_SECRET'],
  ]);
});
