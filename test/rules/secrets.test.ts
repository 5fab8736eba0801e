import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { EXAMPLE_PASSWORDS, type FoundSecret, findSecrets, RULE_NAMES } from './find-secrets.ts';
import { repositoryRoot } from './source-files.ts';

/** Places that look like a secret and are none, each with why. An entry that nothing needs any more fails a test. */
const ALLOWED: readonly { path: string; rule: string; why: string }[] = [];

/** Larger than any text that we write by hand or generate. */
const MAX_BYTES = 4 * 1024 * 1024;

const files = trackedFiles();
const found = files.flatMap(({ path, text }) => findSecrets(path, text));

function trackedFiles(): { path: string; text: string }[] {
  const listed = execFileSync('git', ['ls-files', '-z'], { cwd: repositoryRoot, encoding: 'utf8' });
  return listed
    .split('\0')
    .filter((path) => path !== '')
    .flatMap((path) => {
      // A file that is being moved is listed and not there.
      const stat = statSync(join(repositoryRoot, path), { throwIfNoEntry: false });
      if (!stat?.isFile() || stat.size > MAX_BYTES) return [];
      const text = readFileSync(join(repositoryRoot, path), 'utf8');
      return text.includes('\0') ? [] : [{ path, text }];
    });
}

const isAllowed = ({ path, rule }: FoundSecret) =>
  ALLOWED.some((entry) => entry.path === path && entry.rule === rule);

test('no tracked file holds a plain secret', () => {
  expect(files.length).toBeGreaterThan(500);
  expect(
    found.filter((each) => !isAllowed(each)).map(({ path, line, rule }) => `${path}:${line} ${rule}`),
  ).toEqual([]);
});

test('the list of exceptions has no dead entry', () => {
  const dead = ALLOWED.filter(
    ({ path, rule }) => !found.some((each) => each.path === path && each.rule === rule),
  );
  expect(dead).toEqual([]);
});

test('every example password is one of an example', () => {
  const texts = files.filter(({ path }) => !path.endsWith('find-secrets.ts')).map(({ text }) => text);
  const unused = EXAMPLE_PASSWORDS.filter((word) => !texts.some((text) => text.includes(`:${word}@`)));
  expect(unused).toEqual([]);
});

/** Planted secrets are put together here, so that this file holds none. */
const bytes = (length: number) => Buffer.alloc(length, createHash('sha512').update('planted').digest());
const hex = (length: number) => bytes(length).toString('hex');
const PLANTED: Record<string, () => string> = {
  stripe_key: () => ['sk', 'live', hex(16)].join('_'),
  stripe_webhook_secret: () => ['whsec', hex(16)].join('_'),
  private_key: () => `-----BEGIN RSA ${'PRIVATE KEY'}-----\n${bytes(48).toString('base64')}\n`,
  aws_key: () => `${'AKI'}A${hex(8).toUpperCase()}`,
  npm_token: () => `//registry.example/:_auth${'Token'}=${hex(18)}`,
  github_token: () => `gh${'p'}_${hex(18)}`,
  slack_token: () => `xox${'b'}-${hex(12)}`,
  google_key: () => `AIz${'a'}${hex(18).slice(0, 35)}`,
  database_password: () => `postgresql://${'scholar'}:${hex(8)}@db.example:5432/scholar`,
  assigned_key: () => `A8_${'KEY'}=${bytes(32).toString('base64url')}`,
  secret_manifest: () =>
    `apiVersion: v1\nkind: ${'Secret'}\nmetadata: {name: x}\nstringData:\n  A: hunter2\n`,
};

test.each(RULE_NAMES)('a planted %s is found in the line where it stands', (rule) => {
  const planted = `first line\nsecond line\n${PLANTED[rule]?.() ?? ''}\n`;
  const line = rule === 'secret_manifest' ? 7 : 3;
  expect(findSecrets('a/file', planted)).toContainEqual({ rule, path: 'a/file', line });
});

test('every kind of planted secret belongs to a rule', () => {
  expect(Object.keys(PLANTED).toSorted()).toEqual([...RULE_NAMES].toSorted());
});

describe('what is no secret is left alone', () => {
  const sealed = `A8_KEY: Ag${bytes(600).toString('base64')}`;
  test.each([
    ['sealed ciphertext', sealed],
    ['an address that a program fills in', `postgresql://\${role}:\${password}@db/scholar`],
    ['an address of a template', 'postgresql://%s:%s@scholar-postgresql:5432/scholar'],
    ['words in place of a key', 'CANARY_KEY=canary-key-of-the-tests-0123456789'],
    ['words in place of a Stripe key', 'sk_test_in_the_wrong_place whsec_test_secret_of_the_sandbox'],
    ['a Secret whose values a template fills in', 'kind: Secret\ndata:\n  {{ $key }}: {{ b64enc $value }}\n'],
    ['a ConfigMap', 'kind: ConfigMap\ndata:\n  LOG_LEVEL: info\n'],
    ['a token that comes from the environment', `_auth${'Token'}=\${NPM_TOKEN}`],
  ])('%s', (_what, text) => {
    expect(findSecrets('a/file', text)).toEqual([]);
  });
});

test('two documents of one file are told apart', () => {
  const text = `kind: ConfigMap\ndata:\n  A: plain\n---\nkind: ${'Secret'}\ndata:\n  B: aHVudGVyMg==\n`;
  expect(findSecrets('a/file', text)).toEqual([{ rule: 'secret_manifest', path: 'a/file', line: 7 }]);
});
