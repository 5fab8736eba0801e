import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, waitFor } from '@scholar/runtime/testing';
import { repositoryRoot } from '../harness/local-system.ts';
import { Prometheus } from '../harness/prometheus.ts';

/** `make monitoring-test`: a real Prometheus scrapes the runner of load scripts while it plays one. */
const PROMETHEUS = join(repositoryRoot, '.tools', 'bin', 'prometheus');
const RUNNER = join(repositoryRoot, 'load', 'runner', 'main.ts');
const PATIENCE = { timeoutMs: 90_000, intervalMs: 250 };

/** Two operations, one of them in vain, until the end of the test. */
const SCRIPT = `
  import http from 'k6/http';
  import { Counter, Trend } from 'k6/metrics';
  const acknowledged = new Counter('acknowledged_events');
  const seen = new Trend('row_seen_after', true);
  export const options = { scenarios: { main: {
    executor: 'constant-arrival-rate', rate: 20, duration: '10m', preAllocatedVUs: 20, gracefulStop: '0s' } } };
  export default async function () {
    await http.asyncRequest('POST', __ENV.BASE + '/events', '{}', { tags: { op: 'write', name: 'POST /events' } });
    await http.asyncRequest('GET', __ENV.BASE + '/events/' + Math.random(), null, { tags: { op: 'read', name: 'GET /events/{id}' } });
    acknowledged.add(1);
    seen.add(250);
  }
  export function handleSummary(data) { return { 'summary.json': JSON.stringify(data) }; }
`;

let folder: string;
let server: Server;
const children: ChildProcess[] = [];
let runner: ChildProcess;
let prometheus: Prometheus;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scholar-load-metrics-'));
  server = createServer((request, response) => {
    response.writeHead(request.method === 'GET' ? 404 : 201).end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [metricsPort, port] = [await freePort(), await freePort()];
  await writeFile(join(folder, 'script.ts'), SCRIPT);
  await writeFile(
    join(folder, 'prometheus.yml'),
    JSON.stringify({
      global: { scrape_interval: '1s' },
      scrape_configs: [{ job_name: 'load', static_configs: [{ targets: [`127.0.0.1:${metricsPort}`] }] }],
    }),
  );
  runner = start(process.execPath, [
    ...['--conditions=source', '--disable-warning=ExperimentalWarning', RUNNER, 'run'],
    ...['-e', `BASE=${base}`, '--metrics-port', String(metricsPort), 'script.ts'],
  ]);
  start(PROMETHEUS, [
    ...['--config.file=prometheus.yml', '--storage.tsdb.path=data', '--log.level=warn'],
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  prometheus = new Prometheus(`http://127.0.0.1:${port}`);
}, 120_000);

afterAll(async () => {
  for (const child of children) {
    child.kill('SIGTERM');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  }
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

function start(file: string, args: readonly string[]): ChildProcess {
  const child = spawn(file, args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  children.push(child);
  return child;
}

const only = async (expression: string): Promise<number | undefined> =>
  (await prometheus.query(expression).catch(() => []))[0]?.value;

test('percentiles, shares and counts of a run reach Prometheus under the names and labels of k6', async () => {
  await waitFor(async () => ((await only('sum(k6_http_reqs_total)')) ?? 0) > 40, {
    ...PATIENCE,
    what: 'samples of the run in Prometheus',
  });
  const p95 = await prometheus.query('k6_http_req_duration_p95{op="write"}');
  expect(p95.map(({ labels }) => labels)).toEqual([
    expect.objectContaining({
      ...{ job: 'load', method: 'POST', name: 'POST /events', url: 'POST /events', status: '201' },
      ...{ scenario: 'main', expected_response: 'true' },
    }),
  ]);
  expect(await only('k6_http_req_failed_rate{op="read"}')).toBe(1);
  expect(await only('k6_http_req_failed_rate{op="write"}')).toBe(0);
  expect(await only('k6_row_seen_after_p99')).toBe(0.25);
  expect(await only('k6_dropped_iterations_total')).toBeGreaterThanOrEqual(0);
  expect(await only('k6_vus_max')).toBe(20);
  // Ids in paths and bodies of requests are no labels.
  const series = await prometheus.query('count({__name__=~"k6_.+"})');
  expect(series[0]?.value).toBeLessThan(100);
}, 120_000);

test('the last figure that Prometheus has is the one of the summary', async () => {
  runner.kill('SIGINT');
  await once(runner, 'close');
  const { metrics } = JSON.parse(await readFile(join(folder, 'summary.json'), 'utf8'));
  const told = await only('max_over_time(k6_acknowledged_events_total[10m])');
  const counted: number = metrics.acknowledged_events.values.count;
  expect(told).toBeLessThanOrEqual(counted);
  expect(told).toBeGreaterThan(0);
  const max = await only('max_over_time(k6_http_req_duration_max{op="write"}[10m])');
  expect(max).toBeLessThanOrEqual(metrics.http_req_duration.values.max / 1000 + 1e-9);
}, 60_000);
