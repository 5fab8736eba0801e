import { parseServiceLabel } from '../../local/layout.ts';
import { parseSecretSource } from './secret-from.ts';

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
