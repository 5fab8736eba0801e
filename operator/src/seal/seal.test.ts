import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { keyDigest } from '@scholar/contract';
import { tempDir } from '@scholar/runtime/testing';
import { secretName } from './cell.ts';
import { makeTestCertificate, type TestCertificate } from './testing/test-certificate.ts';
import { unseal } from './testing/unseal.ts';
import { parseSealedFile, type SealedFile } from './values-file.ts';

const NAMESPACE = 'team-a';
const YEAR_MS = 365 * 86_400_000;
const LABELS = [
  ...['scholar_auth', 'scholarship_api', 'scholarship_agent', 'scholarship_sage', 'student_pilot'],
  ...['provider_register', 'auto_page_maker', 'auto_com_center'],
];
const PASSWORD = 'a-password-that-nobody-may-see';
const GIVEN = [
  ...LABELS.map((label) => `${label}.DATABASE_URL=postgresql://${label}:${PASSWORD}@db.example:5432/scholar`),
  'scholarship_api.STRIPE_SECRET_KEY=sk_test_of_the_api',
  'provider_register.STRIPE_SECRET_KEY=sk_test_of_the_register',
  'provider_register.STRIPE_WEBHOOK_SECRET=whsec_of_the_register',
].join('\n');

let folder: string;
let certificate: TestCertificate;
let kubeseal: string;

beforeAll(async () => {
  folder = await tempDir('seal');
  certificate = makeTestCertificate(new Date(Date.now() + YEAR_MS));
  await writeFile(join(folder, 'test.crt'), certificate.pem);
  kubeseal = join(folder, 'kubeseal');
  const program = join(import.meta.dirname, 'testing', 'stand-in-kubeseal.ts');
  await writeFile(kubeseal, `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
  await chmod(kubeseal, 0o755);
});

interface Ran {
  code: number | null;
  out: string;
  err: string;
}

/** The command itself, as a process. */
async function scholarSeal(args: string[], { input = '', env = {} } = {}): Promise<Ran> {
  const entry = join(import.meta.dirname, '..', 'cli', 'main.ts');
  const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning', entry, 'seal'];
  const child: ChildProcess = spawn(process.execPath, [...flags, ...args], {
    env: { PATH: '/nowhere', KUBESEAL: kubeseal, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
  const streams = [child.stdout, child.stderr].map((stream) => (stream ? text(stream) : ''));
  const [[code], out, err] = await Promise.all([once(child, 'close'), ...streams]);
  return { code: code as number | null, out: out ?? '', err: err ?? '' };
}

const inNamespace = (...args: string[]) => [
  ...['--env', 'production', '--namespace', NAMESPACE, '--cert', join(folder, 'test.crt')],
  ...args,
];

function open({ cells, namespace }: SealedFile, path: string): string {
  const [owner, part, key] = path.split('/');
  const found = cells.find(({ cell }) => cell.owner === owner && cell.part === part && cell.key === key);
  if (found === undefined) throw new Error(`${path} was not sealed`);
  return unseal(found.ciphertext, {
    ...{ privateKey: certificate.privateKey, namespace, name: secretName(found.cell) },
  });
}

async function read(path: string): Promise<SealedFile> {
  return parseSealedFile(await readFile(path, 'utf8'), path);
}

const ringOf = (file: SealedFile, name: string) => file.ring.filter((record) => record.name === name);

test('one run seals everything of a namespace, and only its controller can open it', async () => {
  const out = join(folder, 'whole.yaml');
  const ran = await scholarSeal(inNamespace('--from-env-file', '-', '--out', out), { input: GIVEN });
  expect(ran).toMatchObject({ code: 0, err: '' });
  const file = await read(out);
  expect(open(file, 'provider_register/stripe/STRIPE_WEBHOOK_SECRET')).toBe('whsec_of_the_register');
  expect(open(file, 'auto_com_center/app/DATABASE_URL')).toContain(PASSWORD);
  const [record] = ringOf(file, 'scholar_auth');
  const entry = JSON.parse(open(file, `auto_com_center/keys/${record?.id}.json`));
  expect(entry.sha256).toBe(keyDigest(open(file, 'scholar_auth/a8/A8_KEY')));
  // Scope strict: the same ciphertext under another name or namespace does not open.
  expect(() => open({ ...file, namespace: 'team-b' }, 'scholar_auth/a8/A8_KEY')).toThrow();
}, 60_000);

test('no plain text is printed or left on the disk', async () => {
  const out = join(folder, 'quiet.yaml');
  const ran = await scholarSeal(inNamespace('--from-env-file', '-', '--out', out), { input: GIVEN });
  const file = await read(out);
  const plain = [PASSWORD, 'whsec_of_the_register', open(file, 'scholar_auth/a8/A8_KEY')];
  const texts = [ran.out, ran.err];
  for (const name of await readdir(folder)) texts.push(await readFile(join(folder, name), 'utf8'));
  for (const secret of plain) expect(texts.join('\n')).not.toContain(secret);
}, 60_000);

test('a rotation keeps every other ciphertext letter for letter, and ends with one key', async () => {
  const out = join(folder, 'rotated.yaml');
  await scholarSeal(inNamespace('--from-env-file', '-', '--out', out), { input: GIVEN });
  const first = await read(out);
  expect((await scholarSeal(inNamespace('--rotate', 'scholar_auth,read', '--out', out))).code).toBe(0);
  const both = await read(out);
  expect(
    ringOf(both, 'scholar_auth')
      .map(({ current }) => current)
      .toSorted(),
  ).toEqual([false, true]);
  const key = open(both, 'scholar_auth/a8/A8_KEY');
  expect(key).not.toBe(open(first, 'scholar_auth/a8/A8_KEY'));
  const [current] = ringOf(both, 'scholar_auth').filter((record) => record.current);
  expect(JSON.parse(open(both, `auto_com_center/keys/${current?.id}.json`)).sha256).toBe(keyDigest(key));
  const changed = first.cells.filter(
    ({ ciphertext }) => !both.cells.some((each) => each.ciphertext === ciphertext),
  );
  expect(changed.map(({ cell }) => cell.key).toSorted()).toEqual(['A8_KEY', 'A8_READ_KEY']);

  expect((await scholarSeal(inNamespace('--revoke', 'scholar_auth', '--out', out))).code).toBe(0);
  const last = await read(out);
  expect(ringOf(last, 'scholar_auth')).toEqual([current]);
  expect(last.cells).toHaveLength(both.cells.length - 1);
}, 60_000);

test('without what only the owner has it ends with 1 and names it; the next run completes the file', async () => {
  const out = join(folder, 'late.yaml');
  const ran = await scholarSeal(inNamespace('--out', out));
  expect(ran.code).toBe(1);
  expect(ran.out).toContain('auto_com_center.DATABASE_URL');
  const before = await read(out);
  const again = await scholarSeal(inNamespace('--from-env-file', '-', '--out', out), { input: GIVEN });
  expect(again.code).toBe(0);
  expect(ringOf(await read(out), 'scholar_auth')).toEqual(ringOf(before, 'scholar_auth'));
}, 60_000);

describe('what cannot be done ends with 2, says what to do and leaves the file alone', () => {
  const run = (args: string[], env = {}) => scholarSeal(args, { env });

  test('no kubeseal', async () => {
    const ran = await run(inNamespace(), { KUBESEAL: join(folder, 'absent') });
    expect(ran).toMatchObject({ code: 2, err: expect.stringContaining('KUBESEAL names') });
  });

  test('no certificate of that environment', async () => {
    const ran = await run(['--env', 'absent', '-n', NAMESPACE]);
    expect(ran).toMatchObject({ code: 2, err: expect.stringContaining('kubeseal --fetch-cert') });
  });

  test('no namespace', async () => {
    const ran = await run(['--env', 'example']);
    expect(ran).toMatchObject({ code: 2, err: expect.stringContaining('--namespace') });
  });

  test('a file of another namespace, of the example certificate, or of somebody else', async () => {
    const out = join(folder, 'elsewhere.yaml');
    await scholarSeal(['--env', 'example', '-n', NAMESPACE, '--out', out]);
    const before = await readFile(out, 'utf8');
    const other = await run(['--env', 'example', '-n', 'team-b', '--out', out]);
    expect(other).toMatchObject({ code: 2, err: expect.stringContaining('sealed for namespace team-a') });
    const mixed = await run(inNamespace('--out', out));
    expect(mixed).toMatchObject({ code: 2, err: expect.stringContaining('nobody can open') });
    expect(await readFile(out, 'utf8')).toBe(before);
    await writeFile(out, 'replicas: 2\n');
    expect(await run(inNamespace('--out', out))).toMatchObject({
      ...{ code: 2, err: expect.stringContaining('is no file of `scholar seal`') },
    });
  }, 60_000);
});
