import { keyFingerprint } from '@scholar/contract';
import { judge } from '../../../audit/audit.ts';
import { appOf, healthySnapshot } from '../../../audit/testing/healthy-snapshot.ts';
import { withWanted } from './wanted.ts';

const NOTHING = { sources: { secrets: {}, configMaps: {} }, secretFrom: [] };

test('a secret whose source was named is wanted as it is there, by who needs it', () => {
  const snapshot = healthySnapshot();
  appOf(snapshot, 'scholarship_api').desired.secrets['STRIPE_SECRET_KEY'] = undefined;
  const seen = withWanted(snapshot, {
    sources: { secrets: { vault: { stripe: 'sk' } }, configMaps: {} },
    secretFrom: [
      { label: 'scholarship_api', key: 'STRIPE_SECRET_KEY', secret: 'vault', secretKey: 'stripe' },
    ],
  });
  const { desired, forwarder } = appOf(seen, 'scholarship_api');
  expect(desired.secrets['STRIPE_SECRET_KEY']).toBe(keyFingerprint('sk'));
  expect(forwarder.desired.secrets).not.toHaveProperty('STRIPE_SECRET_KEY');
  expect(appOf(seen, 'provider_register').desired).toEqual(appOf(snapshot, 'provider_register').desired);
});

test('a secret that was copied for the app is given to its forwarder too, which does not miss it', () => {
  const snapshot = healthySnapshot();
  const { forwarder } = appOf(snapshot, 'scholarship_api');
  forwarder.desired.secrets['STRIPE_SECRET_KEY'] = keyFingerprint('sk');
  expect(judge(withWanted(snapshot, NOTHING)).map(({ code }) => code)).toEqual([]);
});

test('a named source without a value changes nothing', () => {
  const snapshot = healthySnapshot();
  const secretFrom = [{ label: 'scholar_auth', key: 'A8_KEY', secret: 'gone', secretKey: 'k' } as const];
  expect(withWanted(snapshot, { ...NOTHING, secretFrom })).toEqual(snapshot);
});

test('of a process that does not answer it is known which fixed settings it was given otherwise', () => {
  const snapshot = healthySnapshot();
  const app = appOf(snapshot, 'provider_register');
  Object.assign(app.desired.settings, {
    PORT: 'banana',
    OPS_PORT: '9464',
    EMIT_MODE: 'console',
    LOG_LEVEL: 'x',
  });
  expect(appOf(withWanted(snapshot, NOTHING), 'provider_register').desired.deviating).toEqual([]);
  app.running = undefined;
  expect(appOf(withWanted(snapshot, NOTHING), 'provider_register').desired.deviating).toEqual(
    expect.arrayContaining(['PORT', 'EMIT_MODE']),
  );
  expect(appOf(withWanted(snapshot, NOTHING), 'provider_register').desired.deviating).not.toContain(
    'OPS_PORT',
  );
});
