import { join } from 'node:path';
import { createMetrics } from '../metrics/index.ts';
import {
  createOtlpReceiver,
  freePort,
  type OtlpReceiver,
  type SpawnedService,
  spawnService,
  waitFor,
} from '../testing/index.ts';
import { beginSpan, createTracer, type ExportingTracer, type Span, TRACING_METRICS } from './index.ts';

const metrics = createMetrics(TRACING_METRICS);
const log = { info: () => {}, warn: (fields: object) => void warned.push(fields) };
let warned: object[] = [];
let receiver: OtlpReceiver | undefined;
let tracer: ExportingTracer | undefined;
let spawned: SpawnedService | undefined;

beforeEach(() => {
  warned = [];
  metrics.registry.resetMetrics();
});

afterEach(async () => {
  await tracer?.stop?.();
  await receiver?.close();
  await spawned?.stop();
  [tracer, receiver, spawned] = [undefined, undefined, undefined];
});

function connect(endpoint: string | undefined): ExportingTracer {
  const process = { name: 'scholar_auth', version: '1.2.3', environment: 'staging' };
  tracer = createTracer({ endpoint, process, metrics, log });
  return tracer;
}

function span(over: Partial<Span> = {}): Span {
  const context = beginSpan(undefined);
  const times = { startMs: 1_790_000_000_000.25, durationMs: 1.5 };
  return { name: 'GET /x', kind: 'server', context, parent: undefined, ...times, attributes: {}, ...over };
}

async function outcomes(): Promise<string> {
  const lines = (await metrics.render()).split('\n').filter((line) => line.startsWith('trace_spans_total{'));
  return lines.map((line) => line.replace(/.*outcome="(\w+)".* (\d+)$/, '$1 $2')).join(', ');
}

test('a place in a trace has an id of its own, and keeps the trace and the sampled flag of its parent', () => {
  const root = beginSpan(undefined);
  const child = beginSpan({ ...root, sampled: false });
  expect(root).toMatchObject({ traceId: expect.stringMatching(/^[0-9a-f]{32}$/), sampled: true });
  expect(child).toEqual({
    traceId: root.traceId,
    spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
    sampled: false,
  });
  const ids = new Set(Array.from({ length: 2_000 }, () => beginSpan(root).spanId));
  expect(ids.size).toBe(2_000);
});

test('a collector gets what a span says: whose it is, its parent, its times, its attributes, its error', async () => {
  receiver = await createOtlpReceiver();
  const parent = beginSpan(undefined);
  const context = beginSpan(parent);
  const made = span({ context, parent, error: '503', attributes: { 'http.route': '/x', n: 3, yes: true } });
  connect(receiver.url).record(made);
  await waitFor(() => receiver?.spans().length === 1, { timeoutMs: 20_000 });
  expect(receiver.spans()).toEqual([
    {
      ...{ process: 'scholar_auth', name: 'GET /x', kind: 2, error: true },
      ...{ traceId: parent.traceId, spanId: context.spanId, parentSpanId: parent.spanId },
      ...{ startMs: 1_790_000_000_000.25, endMs: 1_790_000_000_001.75 },
      attributes: { 'http.route': '/x', n: 3, yes: true, 'error.type': '503' },
    },
  ]);
  expect(await outcomes()).toBe('exported 1');
});

test('what is not sampled is not exported; a stop sends what is there', async () => {
  receiver = await createOtlpReceiver();
  const made = connect(receiver.url);
  made.record(span({ context: { ...beginSpan(undefined), sampled: false } }));
  made.record(span({ name: 'sampled' }));
  await made.stop?.();
  expect(receiver.spans().map(({ name }) => name)).toEqual(['sampled']);
});

test('an endpoint that is away or refuses costs one line in the log, and each span is counted', async () => {
  const made = connect(`http://127.0.0.1:${await freePort()}`);
  made.record(span());
  await waitFor(async () => (await outcomes()) !== '', { timeoutMs: 60_000 });
  expect(await outcomes()).toBe('failed 1');
  expect(warned).toHaveLength(1);
}, 90_000);

test.each([
  ['without an endpoint nothing of OpenTelemetry is loaded', false],
  ['with one it is', true],
])(
  '%s',
  async (_promise, exports) => {
    receiver = await createOtlpReceiver();
    spawned = spawnService({
      entry: join(import.meta.dirname, 'testing', 'loads-opentelemetry.ts'),
      args: exports ? [receiver.url] : [],
    });
    const [, loaded] = await spawned.waitForOutput(/loaded (.*)\nend/, 60_000);
    if (exports) expect(loaded).toContain('@opentelemetry/exporter-trace-otlp-http');
    else expect(loaded).toBe('');
  },
  90_000,
);
