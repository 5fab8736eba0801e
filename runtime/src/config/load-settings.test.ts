import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyFingerprint } from '@scholar/contract';
import { tempDir } from '../testing/index.ts';
import { defineSettings, loadSettings, parseSettingsOrExit, setting, summarize } from './index.ts';

const shape = defineSettings({
  PORT: setting.int({ description: 'Port of the public listener.', default: 8080, min: 0, max: 65_535 }),
  ENVIRONMENT: setting.oneOf({
    description: 'Where this runs.',
    values: ['staging', 'production'],
    default: 'staging',
  }),
  A1_URL: setting.url({ description: 'Base URL of scholar_auth.' }),
  A8_KEY: setting.secret({ description: 'Key for A8.' }),
});
const enough = { A1_URL: 'http://127.0.0.1:4101' };

describe('loadSettings', () => {
  test('gives typed values, with defaults where nothing is set', () => {
    const { values, problems } = loadSettings(shape, { ...enough, PORT: '4102', A8_KEY: 'k' });
    const port: number = values.PORT;
    const environment: 'staging' | 'production' = values.ENVIRONMENT;
    expect({ port, environment, url: values.A1_URL, key: values.A8_KEY, problems }).toEqual({
      port: 4102,
      environment: 'staging',
      url: 'http://127.0.0.1:4101',
      key: 'k',
      problems: [],
    });
  });

  test('reports every problem at once, each with the key, what was expected and what to do', () => {
    const { problems } = loadSettings(shape, { PORT: '99999', ENVIRONMENT: 'prod' });
    expect(problems).toHaveLength(3);
    expect(problems[0]).toBe(
      'PORT: expected a whole number from 0 to 65535; what is in the environment is not that. Set PORT. (Port of the public listener.)',
    );
    expect(problems[1]).toContain('ENVIRONMENT: expected one of staging, production');
    expect(problems[2]).toBe(
      'A1_URL is not set: expected an absolute URL that begins with http:// or https://. Set A1_URL or A1_URL_FILE. (Base URL of scholar_auth.)',
    );
  });

  test.each([
    ['int', setting.int({ description: 'd' }), ['12', '-3'], ['1.5', 'x', '1e3', ' ']],
    ['boolean', setting.boolean({ description: 'd' }), ['true', '0', 'FALSE'], ['yes', '2']],
    [
      'duration',
      setting.duration({ description: 'd' }),
      ['10', '250ms', '1.5s', '2h'],
      ['5 weeks', '-1s', 's'],
    ],
    [
      'url',
      setting.url({ description: 'd' }),
      ['https://a.example/x/'],
      ['a.example', '/x', 'ftp://a.example'],
    ],
  ] as const)(
    'a setting of kind %s takes what is right and refuses what is not',
    (_kind, spec, right, wrong) => {
      for (const raw of right) expect(loadSettings({ X: spec }, { X: raw }).problems).toEqual([]);
      for (const raw of wrong) expect(loadSettings({ X: spec }, { X: raw }).problems).toHaveLength(1);
    },
  );

  test('a duration is in milliseconds and a url loses its trailing slashes', () => {
    const spec = { D: setting.duration({ description: 'd' }), U: setting.url({ description: 'd' }) };
    expect(loadSettings(spec, { D: '1.5s', U: 'http://a.example/' }).values).toEqual({
      D: 1_500,
      U: 'http://a.example',
    });
  });

  test('an empty variable counts as unset', () => {
    const { values, missing } = loadSettings(shape, { ...enough, PORT: '', A8_KEY: '' });
    expect(values.PORT).toBe(8080);
    expect(missing).toEqual(['A8_KEY']);
  });

  test('a missing secret is no problem but is named as missing', () => {
    const { values, problems, missing } = loadSettings(shape, enough);
    expect({ key: values.A8_KEY, problems, missing }).toEqual({
      key: undefined,
      problems: [],
      missing: ['A8_KEY'],
    });
  });

  test('an optional secret is not missing', () => {
    const spec = { LLM_KEY: setting.secret({ description: 'd', optional: true }) };
    expect(loadSettings(spec, {}).missing).toEqual([]);
  });

  test('a tolerated url that is malformed is a finding and missing, not a problem', () => {
    const spec = { A8_URL: setting.url({ description: 'Base URL of A8.', optional: true, tolerant: true }) };
    const { values, problems, findings, missing } = loadSettings(spec, { A8_URL: 'hub.example' });
    expect({ url: values.A8_URL, problems, missing }).toEqual({
      url: undefined,
      problems: [],
      missing: ['A8_URL'],
    });
    expect(findings[0]).toContain('A8_URL: expected an absolute URL');
  });

  test('a tolerated url that nothing needs is not missing when it is absent, and a finding when it is malformed', () => {
    const spec = {
      A8_URL: setting.url({
        description: 'Base URL of A8.',
        optional: true,
        tolerant: true,
        needed: false,
      }),
    };
    expect(loadSettings(spec, {})).toMatchObject({ problems: [], findings: [], missing: [] });
    const malformed = loadSettings(spec, { A8_URL: 'garbage' });
    expect(malformed).toMatchObject({ problems: [], missing: [] });
    expect(malformed.findings).toHaveLength(1);
  });

  test('an older name is still read, and the main name wins over it', () => {
    const spec = { STRIPE_SECRET_KEY: setting.secret({ description: 'd', aliases: ['STRIPE_SECRET'] }) };
    expect(loadSettings(spec, { STRIPE_SECRET: 'old' }).values.STRIPE_SECRET_KEY).toBe('old');
    expect(
      loadSettings(spec, { STRIPE_SECRET: 'old', STRIPE_SECRET_KEY: 'new' }).values.STRIPE_SECRET_KEY,
    ).toBe('new');
  });
});

describe('settings from files', () => {
  test('secrets and urls may come from a file, which loses exactly one trailing newline', async () => {
    const dir = await tempDir();
    writeFileSync(join(dir, 'key'), 'abc\n\n');
    writeFileSync(join(dir, 'url'), 'http://a1.example\n');
    const { values, describe: report } = loadSettings(shape, {
      A8_KEY_FILE: join(dir, 'key'),
      A1_URL_FILE: join(dir, 'url'),
    });
    expect(values.A8_KEY).toBe('abc\n');
    expect(values.A1_URL).toBe('http://a1.example');
    expect(report().map(({ key, source }) => [key, source])).toContainEqual(['A1_URL', 'file']);
  });

  test('both a variable and its file are a problem that tells neither value', () => {
    const { problems } = loadSettings(shape, { ...enough, A8_KEY: 'hush', A8_KEY_FILE: '/nowhere' });
    expect(problems).toEqual(['A8_KEY and A8_KEY_FILE are both set: keep one of them.']);
  });

  test('a file that does not exist makes a secret missing, with a finding that names it', () => {
    const { problems, findings, missing } = loadSettings(shape, { ...enough, A8_KEY_FILE: '/nowhere/key' });
    expect({ problems, missing }).toEqual({ problems: [], missing: ['A8_KEY'] });
    expect(findings[0]).toContain('(/nowhere/key) cannot be read (ENOENT): create it or correct the path');
  });

  test('a file that cannot be read makes a required url a problem', async () => {
    const { problems } = loadSettings(shape, { A1_URL_FILE: await tempDir() });
    expect(problems[0]).toContain('cannot be read (EISDIR)');
  });

  test('an empty secret file is a finding', async () => {
    const path = join(await tempDir(), 'key');
    writeFileSync(path, '\n');
    chmodSync(path, 0o600);
    expect(loadSettings(shape, { ...enough, A8_KEY_FILE: path }).findings[0]).toContain('is empty');
  });
});

describe('what is shown of settings', () => {
  const spec = {
    ...shape,
    DATABASE_URL: setting.url({ description: 'd', protocols: ['postgres:'] }),
  };
  const env = { ...enough, A8_KEY: 'hush-hush', DATABASE_URL: 'postgres://app:pa55@db.example/x' };

  test('no secret and no password of a url is in reports, summary or problems', () => {
    const loaded = loadSettings(spec, env);
    const wrong = loadSettings(spec, { ...env, DATABASE_URL: 'http://app:pa55@db.example' });
    const shown = JSON.stringify([loaded.describe(), summarize(loaded.describe()), wrong.problems]);
    expect(shown).not.toMatch(/hush-hush|pa55/);
    expect(shown).toContain(keyFingerprint('hush-hush'));
    expect(shown).toContain('postgres://app:***@db.example/x');
  });

  test('the hash is equal for equal configurations and changes with a value, a secret or a password', () => {
    const hash = (changes: Record<string, string>) => loadSettings(spec, { ...env, ...changes }).configHash;
    const hashes = [
      {},
      { PORT: '1' },
      { A8_KEY: 'x' },
      { DATABASE_URL: 'postgres://app:other@db.example/x' },
    ].map(hash);
    expect(hash({})).toMatch(/^[0-9a-f]{12}$/);
    expect(hash({})).toBe(hashes[0]);
    expect(new Set(hashes).size).toBe(4);
  });

  test('parseSettingsOrExit prints every problem and exits with code 2', () => {
    const printed: string[] = [];
    const codes: number[] = [];
    parseSettingsOrExit(shape, {
      env: { PORT: 'x' },
      print: (text) => printed.push(text),
      exit: (code) => codes.push(code),
    });
    expect(codes).toEqual([2]);
    expect(printed.join('')).toMatch(
      /^The configuration has 2 problems:\n {2}- PORT: .*\n {2}- A1_URL is not set/,
    );
  });
});
