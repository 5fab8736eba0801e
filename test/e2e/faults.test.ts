import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LocalSystem } from '../harness/local-system.ts';
import { underTraffic } from '../harness/under-traffic.ts';

let system: LocalSystem;

beforeAll(async () => {
  system = await LocalSystem.start();
}, 120_000);

afterAll(async () => {
  await system.stop();
}, 120_000);

const under = (fault: () => Promise<void>) => underTraffic(system, fault);
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('A8 is killed again and again: nothing is lost and no service answers 5xx for it', async () => {
  const result = await under(async () => {
    for (let round = 0; round < 6; round += 1) {
      const { a8 } = await system.status();
      if (a8.pid !== null) process.kill(a8.pid, 'SIGKILL');
      await sleep(500);
    }
  });
  expect(result.accepted.length).toBeGreaterThan(10);
  expect(result.serverErrors).toEqual([]);
}, 150_000);

test('a forwarder is killed with -9 under load: nothing that was acknowledged is lost', async () => {
  const result = await under(async () => {
    for (const label of ['scholar_auth', 'auto_page_maker', 'provider_register', 'scholar_auth']) {
      process.kill((await system.app(label)).forwarder.pid, 'SIGKILL');
      await sleep(300);
    }
  });
  expect(result.serverErrors).toEqual([]);
}, 150_000);

test('PostgreSQL is killed under load: what got its 2xx is a row afterwards', async () => {
  const result = await under(async () => {
    process.kill(postmaster(), 'SIGQUIT');
    await sleep(2_000);
  });
  expect(result.accepted.length).toBeGreaterThan(10);
}, 150_000);

function postmaster(): number {
  return Number(readFileSync(join(system.state, 'postgres', 'postmaster.pid'), 'utf8').split('\n', 1)[0]);
}
