import fc from 'fast-check';
import { givenSettings, loadSettings, setting } from './index.ts';

const SHAPE = {
  NAME: setting.string({ description: 'd', optional: true }),
  PORT: setting.int({ description: 'd', default: 80, min: 0, max: 65_535 }),
  WAIT: setting.duration({ description: 'd', default: 1_000 }),
  ON: setting.boolean({ description: 'd', default: false }),
  MODE: setting.oneOf({ description: 'd', values: ['one', 'two'], default: 'one' }),
  HUB: setting.url({ description: 'd', optional: true }),
  KEY: setting.secret({ description: 'd' }),
};

const KINDS = Object.fromEntries(Object.entries(SHAPE).map(([key, { kind }]) => [key, kind]));

/** As an auditor does it, who has the texts of a pod template and the kinds that the process tells. */
function calculated(env: Record<string, string>) {
  return givenSettings(
    Object.entries(env).flatMap(([key, raw]) => {
      const kind = KINDS[key];
      return kind === undefined ? [] : [{ key, kind, raw }];
    }),
  );
}

test('an auditor calculates the same from the texts that a process was given', () => {
  const text = fc.string({ minLength: 1, maxLength: 8 }).filter((value) => value.trim() !== '');
  const env = fc.record(
    {
      NAME: text,
      PORT: fc.integer({ min: 0, max: 65_535 }).map(String),
      WAIT: fc.constantFrom('5s', '5000', '1.5m', '2h'),
      ON: fc.constantFrom('true', '1', 'FALSE', '0'),
      MODE: fc.constantFrom('one', ' two '),
      HUB: fc.constantFrom('http://a8:8080', 'https://a8.example//'),
      KEY: text,
      OTHER: text,
    },
    { requiredKeys: [] },
  );
  fc.assert(fc.property(env, (given) => expect(loadSettings(SHAPE, given).given).toEqual(calculated(given))));
});

test.each([
  [{ WAIT: '5s' }, { WAIT: '5000' }],
  [{ ON: '1' }, { ON: 'true' }],
  [{ HUB: 'http://a8:8080' }, { HUB: 'http://a8:8080/' }],
  [{ PORT: '80' }, { PORT: ' 080' }],
])('%j and %j are one configuration', (one, other) => {
  expect(calculated(one as Record<string, string>)).toEqual(calculated(other as Record<string, string>));
});

test('another value changes the hash of its name alone, and that of the whole', () => {
  const [one, other] = [calculated({ NAME: 'a', PORT: '80' }), calculated({ NAME: 'a', PORT: '81' })];
  expect(other.settings['NAME']).toBe(one.settings['NAME']);
  expect(other.settings['PORT']).not.toBe(one.settings['PORT']);
  expect(other.hash).not.toBe(one.hash);
});

test('equal values under two names do not show that they are equal', () => {
  const { settings } = givenSettings([
    { key: 'A', kind: 'string', raw: 'same' },
    { key: 'B', kind: 'string', raw: 'same' },
  ]);
  expect(settings['A']).not.toBe(settings['B']);
});

test('secrets, addresses that hide one, defaults and what comes from files are left out', () => {
  const { given } = loadSettings(SHAPE, {
    KEY: 'hush',
    HUB: 'http://user:hush@a8:8080',
    KEY_FILE: '',
    OTHER: 'not of this process',
  });
  expect(given.settings).toEqual({});
  expect(loadSettings(SHAPE, { HUB_FILE: import.meta.filename }).given.settings).toEqual({});
});
