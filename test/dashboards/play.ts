import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@scholar/runtime/testing';
import { type LocalSystem, repositoryRoot } from '../harness/local-system.ts';
import { startPeople } from './people.ts';

/** As the Prometheus of a local system scrapes. */
export const SCRAPE_S = 5;

const KILLS = 3;

/**
 * People sign up and pay all the time; load runs for half a minute; then A8 is killed again and again for some seconds; then a
 * verification. @returns what was done, in a sentence
 */
export async function play(system: LocalSystem): Promise<string> {
  const endPeople = await startPeople(system);
  const load = await playLoad(system);
  for (let kill = 0; kill < KILLS; kill += 1) {
    const { a8 } = await system.status();
    // Between two starts there is none.
    if (a8.pid > 0) process.kill(a8.pid, 'SIGKILL');
    await seconds(4);
  }
  await seconds(4 * SCRAPE_S);
  const { code } = await system.verify(5);
  // What happened last is scraped twice.
  await seconds(2 * SCRAPE_S + 1);
  const rounds = await endPeople();
  return `${rounds} rounds of people, load ended with ${load}, A8 killed ${KILLS} times, verification ended with ${code}`;
}

/** Asks the Prometheus of the system to scrape one more program of this machine. */
export function scrapeToo(system: LocalSystem, { name, port }: { name: string; port: number }): void {
  const targets = [{ targets: [`127.0.0.1:${port}`], labels: { namespace: 'local' } }];
  const file = join(system.state, 'prometheus', 'targets', `${name}.json`);
  // Prometheus must not read half of it.
  writeFileSync(`${file}.new`, JSON.stringify(targets));
  renameSync(`${file}.new`, file);
}

/** Our runner, with its figures told to Prometheus. @returns its exit code */
async function playLoad(system: LocalSystem): Promise<number> {
  const port = await freePort();
  scrapeToo(system, { name: 'load', port });
  const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, join(repositoryRoot, 'load', 'run', 'main.ts')], {
    env: {
      ...process.env,
      ...{ PROFILE: 'smoke', ENGINE: 'runner', STATE: system.state, OUT: join(system.state, 'load') },
      METRICS_PORT: String(port),
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(child, 'close');
  return Number(code);
}

function seconds(count: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, count * 1_000));
}
