import { type DesiredInput, desiredState } from './desired.ts';
import { stateLayout } from './layout.ts';

const layout = stateLayout('/state');
const STAGING: DesiredInput = { environment: 'staging', portBase: 4100, realStripe: false };

test('the ports are those of the documentation', () => {
  const { services } = desiredState(STAGING, layout);
  expect(services['scholar_auth']?.app.settings).toMatchObject({ PORT: '4101', OPS_PORT: '4161' });
  expect(services['auto_page_maker']?.forwarder?.settings).toMatchObject({
    INTAKE_PORT: '4127',
    OPS_PORT: '4147',
  });
  expect(services['auto_com_center']?.app.settings).toMatchObject({ PORT: '4108', OPS_PORT: '4168' });
  expect(services['stripe_sandbox']?.app.settings).toMatchObject({ PORT: '4109' });
});

test('every process binds the loopback address only', () => {
  for (const { app, forwarder } of Object.values(desiredState(STAGING, layout).services)) {
    const hosts = Object.entries({ ...app.settings, ...forwarder?.settings }).filter(([key]) =>
      /HOST$/.test(key),
    );
    expect(hosts.length).toBeGreaterThan(0);
    expect(hosts.every(([, host]) => host === '127.0.0.1')).toBe(true);
  }
});

test('no secret is a plain setting', () => {
  for (const { app, forwarder } of Object.values(desiredState(STAGING, layout).services)) {
    const keys = Object.keys({ ...app.settings, ...forwarder?.settings });
    expect(keys.filter((key) => /KEY$|SECRET$|TOKEN$|PASSWORD$|DATABASE_URL$/.test(key))).toEqual([]);
  }
});

test('the sandbox stands in for Stripe in staging without a key, and never in production', () => {
  expect(desiredState(STAGING, layout).stripe).toBe('sandbox');
  expect(desiredState({ ...STAGING, realStripe: true }, layout)).toMatchObject({ stripe: 'real' });
  const production = desiredState({ ...STAGING, environment: 'production' }, layout);
  expect(production.stripe).toBe('none');
  expect(production.services['stripe_sandbox']).toBeUndefined();
  expect(production.services['scholarship_api']?.app.settings['STRIPE_API_URL']).toBeUndefined();
});

test('a minimum rate that the owner declared is kept by the next start', () => {
  const before = desiredState(STAGING, layout);
  const service = before.services['scholar_auth'];
  if (service !== undefined) service.minimum_events_per_hour = 12;
  const next = desiredState({ ...STAGING, before }, layout);
  expect(next.services['scholar_auth']?.minimum_events_per_hour).toBe(12);
});
