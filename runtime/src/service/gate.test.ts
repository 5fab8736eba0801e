import { createHealth } from '../health/index.ts';
import { createApp, HTTP_METRICS, type Listening, listen } from '../http/index.ts';
import { createLogger } from '../log/index.ts';
import { createMetrics } from '../metrics/index.ts';
import { waitFor } from '../testing/index.ts';
import { answerWithin, dependencyAway } from './gate.ts';

let front: Listening;
let release: () => void = () => {};
const lines: string[] = [];
let ended = 0;

beforeAll(async () => {
  const destination = { write: (line: string) => void lines.push(line) };
  const app = createApp({
    service: 'Sample',
    log: createLogger({ label: 'student_pilot', role: 'app', level: 'trace', destination }),
    health: createHealth(),
    metrics: createMetrics<typeof HTTP_METRICS>(HTTP_METRICS, {}, {}),
    routes(express) {
      express.use(answerWithin(200));
      express.get('/quick', (_request, response) => void response.json({ ok: true }));
      express.get('/slow', async (_request, response) => {
        await new Promise<void>((go) => {
          release = go;
        });
        ended += 1;
        response.json({ ok: true });
      });
      express.use(dependencyAway);
    },
  });
  front = await listen(app, { host: '127.0.0.1', port: 0 });
});
afterAll(() => front.close());

const get = (path: string) => fetch(`http://127.0.0.1:${front.port}${path}`);

test('what takes too long is 503 with Retry-After, and its late end is no error of ours', async () => {
  const response = await get('/slow');
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2']);
  expect(await response.json()).toMatchObject({ code: 'unavailable' });
  release();
  await waitFor(() => ended === 1);
  expect((await get('/quick')).status).toBe(200);
  expect(lines.filter((line) => /"level":"?(error|50)/i.test(line))).toEqual([]);
});

test('what is quick is answered as it is', async () => {
  const response = await get('/quick');
  expect([response.status, await response.json()]).toEqual([200, { ok: true }]);
});
