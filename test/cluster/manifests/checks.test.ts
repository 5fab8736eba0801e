import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CHARTS } from '../charts/chart-release.ts';
import { TOOLS } from '../harness/environment.ts';

const run = promisify(execFile);

test('the API server and its own schemas take every object that a chart can make, and refuse what is wrong', async () => {
  const { stdout } = await run(
    process.execPath,
    [join(CHARTS, 'check', 'main.ts'), '--cluster', '--every-api'],
    { env: { ...process.env, PATH: `${TOOLS}:${process.env['PATH']}` }, maxBuffer: 16 * 1024 * 1024 },
  ).catch((error: { stdout: string; stderr: string }) => {
    throw new Error(error.stderr + error.stdout);
  });
  expect(stdout).toContain('ok    kubeconform refuses an unknown field of monitoring.coreos.com/v1');
  expect(stdout).toMatch(/The charts are in order\.\s*$/u);
}, 900_000);
