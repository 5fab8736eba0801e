import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type SpawnedService, spawnService, tempDir } from '../testing/index.ts';

const RUNTIME = new URL('..', import.meta.url);
const PROGRAM = `
import { createLifecycle } from '${new URL('lifecycle/index.ts', RUNTIME)}';
import { createLogger } from '${new URL('log/index.ts', RUNTIME)}';
const lifecycle = createLifecycle({ log: createLogger({ label: 'test', role: 'app' }) });
lifecycle.add('timer', {
  start() { this.timer = setInterval(() => {}, 1000); },
  async stop() { clearInterval(this.timer); if (process.argv[2] === 'stuck') await new Promise(() => {}); },
});
await lifecycle.run();
`;

let service: SpawnedService | undefined;
afterEach(async () => {
  service?.kill();
  await service?.exited;
});

async function startProgram(env: Record<string, string> = {}, args: string[] = []): Promise<SpawnedService> {
  const entry = join(await tempDir(), 'program.mjs');
  await writeFile(entry, PROGRAM);
  service = spawnService({ entry, env, args });
  await service.waitForOutput(/"started"/);
  return service;
}

describe('a process with a lifecycle', () => {
  test('exits with 0 on SIGTERM', async () => {
    const started = await startProgram();
    started.kill('SIGTERM');
    expect(await started.exited).toBe(0);
    expect(started.output()).toContain('"reason":"SIGTERM"');
  });

  test('exits at once with 130 on a second Ctrl-C', async () => {
    const started = await startProgram({}, ['stuck']);
    started.kill('SIGINT');
    await started.waitForOutput(/"stopping"/);
    started.kill('SIGINT');
    expect(await started.exited).toBe(130);
  });

  test('ends when its supervisor, the other end of stdin, is gone', async () => {
    const started = await startProgram({ SUPERVISED: '1' });
    started.child.stdin?.end();
    expect(await started.exited).toBe(0);
    expect(started.output()).toContain('the supervisor is gone');
  });

  test('does not care about stdin when nobody supervises it', async () => {
    const started = await startProgram();
    started.child.stdin?.end();
    started.kill('SIGTERM');
    await started.exited;
    expect(started.output()).not.toContain('supervisor');
  });
});
