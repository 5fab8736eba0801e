import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeApiSchemas } from '../../../charts/check/api-schemas.ts';
import { kubectl } from '../../harness/kubectl.ts';
import { repositoryRoot } from '../../harness/local-system.ts';
import { TOOLS } from '../harness/environment.ts';
import { ensureNamespace } from '../harness/namespace.ts';
import { TEST_RUN_SCHEMA } from './test-run-schema.ts';

const run = promisify(execFile);
const K6 = join(repositoryRoot, 'k8s', 'k6');

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scholar-load-manifests-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the API server takes the Job of a load, and its pod is one that "restricted" admits', async () => {
  const namespace = await ensureNamespace('load-manifests');
  const warn = 'pod-security.kubernetes.io/warn=restricted';
  await kubectl('label', 'namespace', namespace, warn, '--overwrite');
  const flags = ['--server-side', '--dry-run=server', '--validate=strict', '-f', join(K6, 'job.yaml')];
  const { stdout, stderr } = await run('kubectl', ['apply', '-n', namespace, ...flags]);
  expect(stderr).toBe('');
  expect(stdout).toContain('job.batch/scholar-load serverside-applied (server dry run)');
});

test('the TestRun for k6-operator is one by its types, and a field that they do not have is refused', async () => {
  const schemas = writeApiSchemas(await kubectl('get', '--raw', '/openapi/v2'), folder);
  await writeFile(join(folder, 'testrun-k6-v1alpha1.json'), JSON.stringify(TEST_RUN_SCHEMA));
  const check = (file: string) =>
    run(join(TOOLS, 'kubeconform'), ['-strict', '-summary', '-schema-location', schemas, file]);
  const file = join(K6, 'testrun.yaml');
  expect((await check(file)).stdout).toContain('Valid: 3, Invalid: 0, Errors: 0, Skipped: 0');
  for (const [right, wrong] of [
    ['localFile:', 'localfile:'],
    ['secretKeyRef:', 'secretRef:'],
    ['parallelism: 1', 'parallelism: one'],
  ] as const) {
    const text = await readFile(file, 'utf8');
    expect(text).toContain(right);
    const changed = join(folder, 'changed.yaml');
    await writeFile(changed, text.replace(right, wrong));
    await expect(check(changed)).rejects.toThrow();
  }
});
