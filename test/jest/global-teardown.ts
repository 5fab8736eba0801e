import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const STOP_TIMEOUT_MS = 30_000;

/** Stops every PostgreSQL of this run and removes the run's folder. A server removes its own folder when it is done. */
export default async function teardown(): Promise<void> {
  const folder = process.env['SCHOLAR_TEST_RUN'];
  if (!folder) return;
  await writeFile(join(folder, 'stop'), '');
  const deadline = performance.now() + STOP_TIMEOUT_MS;
  const servers = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'serve.log')));
  for (const name of servers) {
    while (existsSync(join(folder, name))) {
      if (performance.now() > deadline) {
        const log = readFileSync(join(folder, name, 'serve.log'), 'utf8');
        throw new Error(
          `the PostgreSQL server of the tests, ${name}, did not stop in time:\n${log.slice(-2000)}`,
        );
      }
      await sleep(20);
    }
  }
  await rm(folder, { recursive: true, force: true });
}
