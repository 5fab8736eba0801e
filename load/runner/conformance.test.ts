import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What k6's documentation promises of the part that we use, asked of the runner as a process. */
const RUNNER = [
  '--conditions=source',
  '--disable-warning=ExperimentalWarning',
  join(import.meta.dirname, 'main.ts'),
];
let folder: string;
let server: Server;
let base: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scholar-runner-'));
  server = createServer((request, response) => {
    const status = Number(/\/status\/(\d+)/.exec(request.url ?? '')?.[1] ?? 200);
    if (request.url === '/silent') return;
    response.writeHead(status, {
      'content-type': 'application/json',
      'x-seen': request.headers['x-sent'] ?? '',
    });
    response.end(JSON.stringify({ method: request.method, deep: { er: 1 } }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

type Ended = { code: number; stdout: string; stderr: string };
let scripts = 0;

async function run(script: string, ...args: string[]): Promise<Ended> {
  scripts += 1;
  const path = join(folder, `script-${scripts}.ts`);
  await writeFile(path, script);
  return new Promise((resolve) => {
    const all = [...RUNNER, 'run', '-e', `BASE=${base}`, ...args, path];
    execFile(process.execPath, all, { cwd: folder }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

const HEAD = `
  import { check, sleep, group } from 'k6';
  import http from 'k6/http';
  import exec from 'k6/execution';
  import { SharedArray } from 'k6/data';
  import { Counter, Trend } from 'k6/metrics';
`;
const options = (more = '', scenario = '') => `export const options = { scenarios: { main: {
  executor: 'constant-arrival-rate', rate: 20, duration: '500ms', preAllocatedVUs: 10, ${scenario} } }, ${more} };`;
const TELL = `export function handleSummary(data) { return { stdout: JSON.stringify(data) }; }`;

test('setup runs once, its answer reaches each iteration and teardown as a copy, and VUs share no variable', async () => {
  const { code, stdout, stderr } = await run(`${HEAD}
    const ones = new Counter('ones'); const others = new Counter('others'); const torn = new Counter('torn');
    const list = new SharedArray('list', () => [1, 2]);
    let own = 0;
    ${options()}
    export function setup() { return { n: 1 }; }
    export default async function (data) {
      own += 1;
      if (own === exec.vu.iterationInInstance + 1 && data.n === 1 && list[1] === 2) ones.add(1); else others.add(1);
      data.n = 2;
      await sleep(0.05);
    }
    export function teardown(data) { if (data.n === 1) torn.add(1); }
    ${TELL}`);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { metrics } = JSON.parse(stdout);
  expect(metrics.ones.values.count + metrics.dropped_iterations.values.count).toBe(10);
  expect(metrics.others.values.count).toBe(0);
  expect(metrics.torn.values.count).toBe(1);
  expect(metrics.iterations.values.count).toBe(metrics.ones.values.count);
});

test('a request tells status, headers, body, times and errors as k6 does, and is counted under its tags', async () => {
  const { code, stdout, stderr } = await run(`${HEAD}
    ${options("thresholds: { 'http_reqs{op:good}': ['count==1'], 'http_req_failed{op:expected}': ['rate==0'] }", "maxVUs: 10, exec: 'once'")}
    options.scenarios.main.rate = 1; options.scenarios.main.duration = '1s';
    export async function once() {
      const B = __ENV.BASE;
      const good = await http.asyncRequest('post', B + '/a?b=1', '{}', { headers: { 'x-sent': 'yes' }, tags: { op: 'good' } });
      const missing = await http.asyncRequest('GET', B + '/status/404', null, { tags: { op: 'expected' }, responseCallback: http.expectedStatuses(404) });
      const refused = await http.asyncRequest('GET', 'http://127.0.0.1:1/');
      const late = await http.asyncRequest('GET', B + '/silent', null, { timeout: '100ms' });
      check(good, {
        'status': (r) => r.status === 200 && r.error === '' && r.error_code === 0,
        'header as Go writes it': (r) => r.headers['X-Seen'] === 'yes',
        'json by path': (r) => r.json('deep.er') === 1 && r.json().method === 'POST',
        'times': (r) => r.timings.duration > 0 && r.timings.waiting > 0,
      });
      check(missing, { '404': (r) => r.status === 404 });
      check(refused, { 'refused': (r) => r.status === 0 && r.error_code === 1212 });
      check(late, { 'timeout': (r) => r.status === 0 && r.error_code === 1050 });
    }
    ${TELL}`);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { metrics, root_group: root } = JSON.parse(stdout);
  expect(root.checks.filter(({ fails }: { fails: number }) => fails > 0)).toEqual([]);
  expect(root.checks).toHaveLength(7);
  expect(metrics.http_reqs.values.count).toBe(4);
  expect(metrics.http_req_failed.values).toEqual({ rate: 0.5, passes: 2, fails: 2 });
  expect(metrics['http_reqs{op:good}'].thresholds).toEqual({ 'count==1': { ok: true } });
});

test('a threshold that fails ends the process with 99, after handleSummary has written its files', async () => {
  const { code, stderr } = await run(`${HEAD}
    ${options("thresholds: { checks: ['rate>0.99'] }")}
    export default function () { check(1, { never: false }); }
    export function handleSummary(data) { return { 'out.json': JSON.stringify(data.metrics.checks) }; }`);
  expect(code).toBe(99);
  expect(stderr).toContain('threshold failed: checks rate>0.99 (it is 0)');
  expect(JSON.parse(await readFile(join(folder, 'out.json'), 'utf8'))).toMatchObject({
    thresholds: { 'rate>0.99': { ok: false } },
  });
});

test('abortOnFail ends a run that would go on for an hour, with 99', async () => {
  const { code } = await run(`${HEAD}
    ${options("thresholds: { checks: [{ threshold: 'rate>0.99', abortOnFail: true }] }", "duration: '1h', gracefulStop: '0s',").replace("duration: '500ms',", '')}
    export default function () { check(1, { never: false }); }`);
  expect(code).toBe(99);
});

test('without a free VU an iteration is dropped, and one more VU is made, up to maxVUs', async () => {
  const script = (vus: string) => `${HEAD}
    ${options('', vus).replace('preAllocatedVUs: 10,', '')}
    export default async function () { await sleep(1); }
    ${TELL}`;
  const few = JSON.parse((await run(script('preAllocatedVUs: 2'))).stdout).metrics;
  expect(few.iterations.values.count).toBe(2);
  expect(few.dropped_iterations.values.count).toBe(8);
  const more = JSON.parse((await run(script('preAllocatedVUs: 2, maxVUs: 5'))).stdout).metrics;
  expect(more.iterations.values.count).toBeGreaterThan(2);
  expect(more.vus_max.values.value).toBeLessThanOrEqual(5);
  expect(more.iterations.values.count + more.dropped_iterations.values.count).toBe(10);
});

test('an exception ends its iteration and is told; the run goes on and exits by its thresholds', async () => {
  const { code, stdout, stderr } = await run(`${HEAD}
    ${options()}
    export default function () { throw new Error('one of ten'); }
    ${TELL}`);
  expect(code).toBe(0);
  expect(stderr).toContain('one of ten');
  expect(JSON.parse(stdout).metrics.iterations.values.count).toBe(10);
});

test('an iteration that is still running gets gracefulStop, and no longer', async () => {
  const { stdout } = await run(`${HEAD}
    const through = new Counter('through');
    ${options('', "gracefulStop: '100ms'")}
    export default async function () { await sleep(20); through.add(1); }
    ${TELL}`);
  expect(JSON.parse(stdout).metrics.through.values.count).toBe(0);
});

test('exec.test.abort ends the run with 108', async () => {
  const { code, stderr } = await run(`${HEAD}
    ${options('', "gracefulStop: '0s',").replace("duration: '500ms'", "duration: '1h'")}
    export default function () { exec.test.abort('seen enough'); }`);
  expect(code).toBe(108);
  expect(stderr).toContain('seen enough');
});

test.each([
  ['a top that throws', `throw new Error('at the top');`, 107, 'at the top'],
  ['no scenarios', 'export default function () {}', 104, 'no scenarios'],
  ['options that are not known', `${options('vus: 3,')} export default function () {}`, 104, 'vus'],
  ['a function that is not there', options('', "exec: 'other'"), 104, 'exports no function other'],
  ['a module that is not there', `import 'k6/ws';`, 107, 'not among the modules'],
  [
    'a metric made in an iteration',
    `${HEAD} ${options()} export function setup() { new Counter('late'); } export default function () {}`,
    107,
    'outside of every function',
  ],
  [
    'a setup that never ends',
    `${options("setupTimeout: '200ms'")} export function setup() { return new Promise(() => {}); } export default function () {}`,
    100,
    'setup took longer',
  ],
])('%s ends with the exit code of k6 and a reason', async (_what, script, code, reason) => {
  const ended = await run(script);
  expect({ code: ended.code, told: ended.stderr.includes(reason) ? reason : ended.stderr }).toEqual({
    code,
    told: reason,
  });
});

test('a request that would hold up every VU is refused, and the message says what to write', async () => {
  const { stderr } = await run(`${HEAD} ${options()} export default function () { http.get(__ENV.BASE); }`);
  expect(stderr).toContain('await http.asyncRequest');
});

test.each([
  ['none', 'write a port'],
  ['192.0.2.1:0', '192.0.2.1'],
])('--metrics-port %s ends the run before it begins, and says why', async (at, reason) => {
  const { code, stderr } = await run(`${options()} export default function () {}`, '--metrics-port', at);
  expect({ code, told: stderr.includes(reason) ? reason : stderr }).toEqual({ code: 104, told: reason });
});
