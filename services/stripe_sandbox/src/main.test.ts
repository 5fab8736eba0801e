import { join } from 'node:path';
import { spawnService, tempDir } from '@scholar/runtime/testing';

const entry = join(import.meta.dirname, 'main.ts');

test('it refuses to start in production, with the reason', async () => {
  const env = { ENVIRONMENT: 'production', SANDBOX_DIR: await tempDir('sandbox') };
  const sandbox = spawnService({ entry, env });
  expect(await sandbox.exited).toBe(2);
  expect(sandbox.output()).toContain('refuses ENVIRONMENT=production');
});

test('it opens on loopback, tells what it is, and ends cleanly on SIGTERM', async () => {
  const sandbox = spawnService({ entry, env: { PORT: '0', SANDBOX_DIR: await tempDir('sandbox') } });
  const [, port] = await sandbox.waitForOutput(/"port":(\d+)/);
  const running = await (await fetch(`http://127.0.0.1:${port}/running`)).json();
  expect(running).toMatchObject({ label: 'stripe_sandbox', role: 'sandbox', missing: [] });
  expect((await fetch(`http://127.0.0.1:${port}/ready`)).status).toBe(200);
  expect(await sandbox.stop()).toBe(0);
});
