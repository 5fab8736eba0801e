import { NO_OVERRIDES, profileOverrides, UsageError, withoutSetting, withSetting } from './overrides.ts';

test('--set takes a label or a number, and an empty value unsets the key', () => {
  const set = withSetting(
    withSetting(NO_OVERRIDES, 'A2.STRIPE_SECRET_KEY='),
    'scholar_auth.A8_URL=http://a=b',
  );
  expect(set.settings).toEqual({
    scholarship_api: { STRIPE_SECRET_KEY: null },
    scholar_auth: { A8_URL: 'http://a=b' },
  });
});

test.each(['scholar_auth', 'scholar_auth.A8_URL', 'nobody.A8_URL=x', 'scholar_auth.a8_url=x', '=x'])(
  '--set %s is a usage error that says the form',
  (text) => {
    expect(() => withSetting(NO_OVERRIDES, text)).toThrow(UsageError);
  },
);

test('a usage error never repeats the value, which may be a secret', () => {
  expect(() => withSetting(NO_OVERRIDES, 'nobody.A8_KEY=s3cret')).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('s3cret') }),
  );
});

test("the broken profile is the brief's production", () => {
  const broken = profileOverrides('broken');
  expect(broken.stopped).toEqual(['provider_register']);
  expect(Object.keys(broken.settings).sort()).toEqual(['auto_page_maker', 'scholar_auth', 'scholarship_api']);
});

test('an override that ends leaves no trace of its label', () => {
  const set = withSetting(NO_OVERRIDES, 'A1.A8_URL=x');
  expect(withoutSetting(set, 'scholar_auth', 'A8_URL')).toEqual(NO_OVERRIDES);
  expect(withoutSetting(set, 'scholar_auth')).toEqual(NO_OVERRIDES);
});
