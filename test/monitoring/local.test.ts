import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { APP_LABELS } from '@scholar/contract';
import { chartRules } from '@scholar/operator/target/local/monitoring/chart-rules';
import { waitFor } from '@scholar/runtime/testing';
import { LocalSystem, repositoryRoot, runScholar } from '../harness/local-system.ts';
import { Prometheus } from '../harness/prometheus.ts';

/** `make monitoring-test`, which has a Prometheus made before: a whole local system with a real one over it. */
let system: LocalSystem;
let prometheus: Prometheus;

beforeAll(async () => {
  system = await LocalSystem.start('--with-monitoring');
  const { prometheus: url } = await system.status();
  if (url === null) throw new Error('the status does not know of a Prometheus');
  prometheus = new Prometheus(url);
}, 120_000);

afterAll(() => system?.stop(), 120_000);

const PATIENCE = { timeoutMs: 90_000, intervalMs: 500 };

test('where the program is not there, `up` says so before anything starts', async () => {
  const state = join(system.state, '..', 'unmonitored');
  const ran = await runScholar(['up', '--detach', '--with-monitoring', '--state', state], {
    env: { PROMETHEUS: '/nonexistent/prometheus' },
  });
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain('PROMETHEUS=/nonexistent/prometheus is no program');
  expect(await readdir(state)).toEqual(['logs']);
}, 120_000);

test('every process is scraped without an error, A8, the apps and their forwarders', async () => {
  const wanted = [
    'auto-com-center app',
    ...APP_LABELS.flatMap((label) => [`${label} app`, `${label} forwarder`]),
  ].map((name) => name.replaceAll('_', '-'));
  const looked = async () => {
    const all = await prometheus.targets();
    return all.length > wanted.length && all.every(({ health }) => health !== 'unknown');
  };
  await waitFor(looked, { ...PATIENCE, what: 'a first look at every target' });
  const targets = await prometheus.targets();
  expect(targets.filter(({ lastError }) => lastError !== '')).toEqual([]);
  const ours = targets.filter(({ labels }) => labels['job'] !== 'prometheus');
  expect(ours.map(({ labels }) => `${labels['pod']} ${labels['container']}`).sort()).toEqual(wanted.sort());
  const up = await prometheus.query('up');
  expect(up.map(({ value }) => value)).toEqual(Array(targets.length).fill(1));
}, 120_000);

test('what a process says of itself keeps its own labels: none is renamed by those of the target', async () => {
  expect(await prometheus.query('{__name__=~".+", exported_app!=""}')).toEqual([]);
  const built = await prometheus.query('count by (app) (scholar_build_info{namespace="local"})');
  expect(built.map(({ labels, value }) => [labels['app'], value]).sort()).toEqual(
    [['auto_com_center', 1], ...APP_LABELS.map((label): [string, number] => [label, 2])].sort(),
  );
}, 60_000);

test('every rule of the charts is loaded and evaluated without an error', async () => {
  const texts = await Promise.all(
    (await chartRules(repositoryRoot)).map(({ path }) => readFile(path, 'utf8')),
  );
  const alerts = texts.flatMap((text) => [...text.matchAll(/^\s+- (?:alert|record): (\S+)/gmu)]);
  await waitFor(async () => (await prometheus.rules()).every(({ health }) => health !== 'unknown'), {
    ...PATIENCE,
    what: 'a first evaluation of every rule',
  });
  const rules = await prometheus.rules();
  expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
  expect(rules.map(({ name }) => name).sort()).toEqual(alerts.map(([, name]) => name).sort());
  expect(rules.length).toBeGreaterThan(0);
}, 120_000);

test('a recording rule whose question has an answer gives a series', async () => {
  const recording = (await prometheus.rules()).filter(({ type }) => type === 'recording');
  for (const { name, query } of recording) {
    if ((await prometheus.query(query)).length === 0) continue;
    await waitFor(async () => (await prometheus.query(name)).length > 0, {
      ...PATIENCE,
      what: `a series of ${name}`,
    });
  }
}, 120_000);

test('it takes what k6 writes', async () => {
  const nothing = new Uint8Array([0]);
  const answer = await fetch(`${prometheus.url}/api/v1/write`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' },
    body: nothing,
  });
  expect(answer.status).toBe(204);
});

test('a program that puts a file into targets/ is scraped as long as it is there', async () => {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end('made_up_by_a_test 1\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const file = join(system.state, 'prometheus', 'targets', 'test.json');
    await writeFile(file, JSON.stringify([{ targets: [`127.0.0.1:${port}`] }]));
    await waitFor(async () => (await prometheus.query('made_up_by_a_test')).length === 1, {
      ...PATIENCE,
      what: 'its series',
    });
    await writeFile(file, '[]');
    await waitFor(async () => (await prometheus.query('made_up_by_a_test')).length === 0, {
      ...PATIENCE,
      what: 'its series to be over',
    });
  } finally {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
}, 120_000);

test('its death turns nothing red, and it is started again with what it had measured', async () => {
  const before = await component();
  if (before.pid === null) throw new Error('it does not run');
  const since = (await prometheus.query('min(timestamp(up offset 5s))'))[0]?.value ?? 0;
  process.kill(before.pid, 'SIGKILL');
  expect((await system.verify()).ok).toBe(true);
  await waitFor(
    async () => (await component()).state === 'running' && (await component()).pid !== before.pid,
    {
      ...PATIENCE,
      what: 'another process of Prometheus',
    },
  );
  expect((await component()).restarts).toBe(before.restarts + 1);
  const seconds = Math.ceil(Date.now() / 1_000 - since) + 5;
  expect((await prometheus.query(`count_over_time(up{job="prometheus"}[${seconds}s])`)).length).toBe(1);
}, 120_000);

test('its address is said, and `down` ends it with the others', async () => {
  const { code, stdout } = await system.scholar('status');
  expect(code).toBe(0);
  expect(stdout).toContain(`Prometheus ${prometheus.url}, running`);
  expect((await system.scholar('down')).code).toBe(0);
  await expect(fetch(prometheus.url)).rejects.toThrow('fetch failed');
}, 120_000);

async function component(): Promise<{ pid: number | null; state: string; restarts: number }> {
  const found = (await system.status()).components.find(({ name }) => name === 'prometheus');
  if (found === undefined) throw new Error('the status has no component prometheus');
  return found;
}
