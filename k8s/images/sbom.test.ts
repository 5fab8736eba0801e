import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SBOM = join(import.meta.dirname, 'sbom.mjs');
let folder: string;

async function putPackage(path: string, name: string, version: string): Promise<void> {
  await mkdir(join(folder, path), { recursive: true });
  await writeFile(join(folder, path, 'package.json'), JSON.stringify({ name, version }));
}

/** A list as npm writes it, of these packages. */
async function putList(...refs: string[]): Promise<string> {
  const path = join(folder, 'all.json');
  const list = {
    bomFormat: 'CycloneDX',
    metadata: { component: { 'bom-ref': 'root@1.0.0' } },
    components: refs.map((ref) => ({ 'bom-ref': ref })),
    dependencies: [
      { ref: 'root@1.0.0', dependsOn: refs },
      ...refs.map((ref) => ({ ref, dependsOn: ['dev@1.0.0'] })),
    ],
  };
  await writeFile(path, JSON.stringify(list));
  return path;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scholar-sbom-'));
  await putPackage('node_modules/pg', 'pg', '8.0.0');
  await putPackage('node_modules/pg/node_modules/split', 'split', '2.0.0');
  await putPackage('node_modules/split', 'split', '4.0.0');
  await putPackage('contract', '@scholar/contract', '0.1.0');
  await mkdir(join(folder, 'node_modules', '@scholar'));
  await symlink('../../contract', join(folder, 'node_modules', '@scholar', 'contract'));
  await symlink('../../test', join(folder, 'node_modules', '@scholar', 'gone'));
});

afterEach(() => rm(folder, { recursive: true }));

test('lists every package that lies in the folder, nested and our own, and nothing of development', async () => {
  const there = ['pg@8.0.0', 'split@2.0.0', 'split@4.0.0', '@scholar/contract@0.1.0'];
  const { stdout } = await run(process.execPath, [SBOM, await putList('dev@1.0.0', ...there), folder]);
  const told = JSON.parse(stdout);
  expect(told.bomFormat).toBe('CycloneDX');
  expect(told.components.map((each: { 'bom-ref': string }) => each['bom-ref'])).toEqual(there);
  expect(told.dependencies[0]).toEqual({ ref: 'root@1.0.0', dependsOn: there });
  expect(JSON.stringify(told)).not.toContain('dev@1.0.0');
});

test('fails when a package lies there that the list does not know', async () => {
  const list = await putList('pg@8.0.0', 'split@4.0.0', '@scholar/contract@0.1.0');
  await expect(run(process.execPath, [SBOM, list, folder])).rejects.toThrow('split@2.0.0');
});
