import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyFingerprint } from '@scholar/contract';
import { tempDir, waitFor } from '../testing/index.ts';
import { type SecretSource, secretFile, secretSource, staticSecret } from './index.ts';

const open: SecretSource[] = [];
function track(source: SecretSource): SecretSource {
  open.push(source);
  return source;
}
afterEach(() => {
  for (const source of open.splice(0)) source.close();
});

async function fileWith(text: string): Promise<string> {
  const path = join(await tempDir(), 'A8_KEY');
  writeFileSync(path, text);
  return path;
}

describe('secretSource', () => {
  test('reads the variable, and nothing changes it', async () => {
    const source = track(secretSource({ name: 'A8_KEY', env: { A8_KEY: 'k1' } }));
    await source.refresh();
    expect([source.current(), source.source, source.fingerprint()]).toEqual([
      'k1',
      'env',
      keyFingerprint('k1'),
    ]);
  });

  test('is unset without variable and file', () => {
    const source = track(secretSource({ name: 'A8_KEY', env: {} }));
    expect([source.current(), source.source, source.fingerprint()]).toEqual([undefined, 'unset', undefined]);
  });

  test('has the value of a file at once', async () => {
    const source = track(secretSource({ name: 'A8_KEY', env: { A8_KEY_FILE: await fileWith('k1\n') } }));
    expect([source.current(), source.source]).toEqual(['k1', 'file']);
  });

  test('a corrected file is picked up by itself and its listeners hear of it once', async () => {
    const path = await fileWith('wrong');
    const source = track(secretFile(path, { intervalMs: 5 }));
    const heard: Array<string | undefined> = [];
    source.onChange((value) => heard.push(value));
    writeFileSync(`${path}.new`, 'right\n');
    renameSync(`${path}.new`, path);
    await waitFor(() => source.current() === 'right', { timeoutMs: 5_000 });
    await source.refresh();
    expect(heard).toEqual(['right']);
  });

  test('follows the symlink swap by which Kubernetes updates a mounted folder', async () => {
    const dir = await tempDir();
    for (const [version, key] of [
      ['v1', 'k1'],
      ['v2', 'k2'],
    ] as const) {
      mkdirSync(join(dir, version));
      writeFileSync(join(dir, version, 'A8_KEY'), key);
    }
    symlinkSync('v1', join(dir, '..data'));
    symlinkSync(join('..data', 'A8_KEY'), join(dir, 'A8_KEY'));
    const source = track(secretFile(join(dir, 'A8_KEY')));
    symlinkSync('v2', join(dir, '..tmp'));
    renameSync(join(dir, '..tmp'), join(dir, '..data'));
    await source.refresh();
    expect(source.current()).toBe('k2');
  });

  test('a deleted file is a secret that is no more, and it comes back with the file', async () => {
    const path = await fileWith('k1');
    const source = track(secretFile(path, { name: 'A8_KEY' }));
    rmSync(path);
    await source.refresh();
    expect([source.current(), source.problem()]).toEqual([undefined, expect.stringContaining('ENOENT')]);
    writeFileSync(path, 'k2');
    await source.refresh();
    expect([source.current(), source.problem()]).toEqual(['k2', undefined]);
  });

  test('a file that cannot be read keeps the last value and says so', async () => {
    const path = await fileWith('k1');
    const source = track(secretFile(path, { name: 'A8_KEY' }));
    rmSync(path);
    mkdirSync(path);
    await source.refresh();
    expect([source.current(), source.problem()]).toEqual(['k1', expect.stringContaining('A8_KEY_FILE')]);
  });

  test('staticSecret never changes', () => {
    expect(track(staticSecret('k')).current()).toBe('k');
    expect(track(staticSecret(undefined)).source).toBe('unset');
  });
});
