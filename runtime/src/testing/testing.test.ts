import { stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { captureLogs, freePort, spawnService, tempDir, waitFor } from './index.ts';

async function program(text: string): Promise<string> {
  const file = join(await tempDir(), 'program.ts');
  await writeFile(file, text);
  return file;
}

test('a temporary folder is empty, its own, and within the folder of the run', async () => {
  const [one, two] = [await tempDir(), await tempDir()];
  expect(one).not.toBe(two);
  expect((await stat(one)).isDirectory()).toBe(true);
});

test('a free port can be listened on', async () => {
  const server = createServer();
  const port = await freePort();
  await new Promise<void>((listening) => server.listen({ host: '127.0.0.1', port }, listening));
  await new Promise((closed) => server.close(closed));
});

describe('waiting', () => {
  test('gives back what the probe found, and takes a throwing probe for "not yet"', async () => {
    let calls = 0;
    const found = await waitFor(() => {
      calls += 1;
      if (calls < 3) throw new Error('not yet');
      return 'found';
    });
    expect(found).toBe('found');
  });

  test('fails in time, naming what was waited for and the last failure', async () => {
    const waiting = waitFor(
      () => {
        throw new Error('still down');
      },
      { timeoutMs: 30, what: 'the server' },
    );
    await expect(waiting).rejects.toMatchObject({
      message: 'the server did not happen in time',
      cause: { message: 'still down' },
    });
  });
});

describe('a spawned program', () => {
  test('runs unbuilt TypeScript with only the environment it is given, and its output is kept', async () => {
    const entry = await program(
      'const n: number = 7; console.log(n, Object.keys(process.env).sort().join());',
    );
    const child = spawnService({ entry, env: { GIVEN: 'x' } });
    expect(await child.exited).toBe(0);
    expect(child.output()).toMatch(/^7 GIVEN,HOME,PATH\n$/);
  });

  test('that ignores SIGTERM is killed all the same', async () => {
    const entry = await program(
      "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('up');",
    );
    const child = spawnService({ entry });
    await child.waitForOutput(/up/);
    expect(await child.stop({ graceMs: 50 })).toBeNull();
  });

  test('that ends early fails the wait for its output at once, with what it wrote', async () => {
    const child = spawnService({ entry: await program("console.error('no luck'); process.exit(3);") });
    await expect(child.waitForOutput(/up/)).rejects.toThrow(
      'it ended without output like /up/; it wrote:\nno luck',
    );
    expect(await child.exited).toBe(3);
  });
});

test('captured logs are those of the real logger: secrets are redacted', () => {
  const { log, lines, text } = captureLogs();
  log.info({ authorization: 'Bearer abc' }, 'called');
  expect(lines()[0]).toMatchObject({ level: 'info', msg: 'called' });
  expect(text()).not.toContain('abc');
});
