import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createMetrics } from '../metrics/index.ts';
import { buildStamp, contentDigest, readBuildStamp, STAMP_FILE } from './index.ts';

const COMMIT = 'a'.repeat(40);
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'scholar-build-'));
  await put('package.json', '{"version":"1.2.3"}');
  await put('package-lock.json', '{}');
  await put('runtime/package.json', '{}');
  await put('runtime/dist/a.js', 'one');
  await put('services/scholar_auth/dist/main.js', 'two');
  await put('services/scholar_auth/migrations/0001_a.sql', 'three');
});

afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, text: string): Promise<void> {
  const at = join(root, path);
  await mkdir(dirname(at), { recursive: true });
  await writeFile(at, text);
}

describe('the digest of what was built', () => {
  test.each([
    ['a program', 'runtime/dist/a.js'],
    ['a migration', 'services/scholar_auth/migrations/0001_a.sql'],
    ['the list of dependencies', 'package-lock.json'],
    ['a new program', 'services/another/dist/main.js'],
  ])('changes with %s', async (_, path) => {
    const before = contentDigest(root);
    await put(path, 'another');
    expect(contentDigest(root)).not.toBe(before);
  });

  test.each([
    ['a source', 'runtime/src/a.ts'],
    ['a type', 'runtime/dist/a.d.ts'],
    ['what only tests use', 'runtime/dist/testing/a.js'],
    ['a page', 'docs/page.md'],
  ])('does not change with %s, which an image may lack', async (_, path) => {
    const before = contentDigest(root);
    await put(path, 'another');
    expect(contentDigest(root)).toBe(before);
  });
});

describe('the stamp', () => {
  const written = { version: '1.2.3', commit: COMMIT, committed_at: '2026-11-24T12:00:00+00:00' };

  test('of an image is what its build wrote down, with the digest of what is there', async () => {
    const digest = contentDigest(root);
    await put(STAMP_FILE, JSON.stringify({ ...written, digest }));
    expect(readBuildStamp(root)).toEqual({ ...written, digest });
  });

  test('shows a program that was exchanged after the build', async () => {
    const digest = contentDigest(root);
    await put(STAMP_FILE, JSON.stringify({ ...written, digest }));
    await put('runtime/dist/a.js', 'patched');
    const { digest: now, built_digest } = readBuildStamp(root);
    expect(built_digest).toBe(digest);
    expect(now).toBe(contentDigest(root));
  });

  test('of an image that was built outside of a checkout has no commit', async () => {
    await put(STAMP_FILE, JSON.stringify({ version: '1.2.3', commit: '', committed_at: '', digest: '' }));
    expect(readBuildStamp(root)).toMatchObject({ version: '1.2.3', commit: null, committed_at: null });
  });

  test.each([
    ['a branch', { '.git/HEAD': 'ref: refs/heads/main\n', '.git/refs/heads/main': `${COMMIT}\n` }],
    [
      'a packed branch',
      { '.git/HEAD': 'ref: refs/heads/main', '.git/packed-refs': `# pack\n${COMMIT} refs/heads/main\n` },
    ],
    ['no branch', { '.git/HEAD': `${COMMIT}\n` }],
  ])('of a checkout at %s has its commit', async (_, files) => {
    for (const [path, text] of Object.entries(files)) await put(path, text);
    expect(readBuildStamp(root)).toMatchObject({ version: '1.2.3', commit: COMMIT, committed_at: null });
  });

  test('of a worktree has the commit of its own branch', async () => {
    await put('.git', `gitdir: ${join(root, 'main.git/worktrees/w')}\n`);
    await put('main.git/worktrees/w/HEAD', 'ref: refs/heads/w\n');
    await put('main.git/worktrees/w/commondir', '../..\n');
    await put('main.git/refs/heads/w', COMMIT);
    expect(readBuildStamp(root).commit).toBe(COMMIT);
  });

  test('of a folder without any of it is honest about that', async () => {
    expect(readBuildStamp(root).commit).toBeNull();
  });
});

test('every process tells its build among its metrics', async () => {
  const page = await createMetrics({}, {}, { process: true }).render();
  const { version, digest } = buildStamp();
  expect(page).toMatch(
    new RegExp(`scholar_build_info\\{version="${version}",revision="[^"]+",digest="${digest}"\\} 1`),
  );
});
