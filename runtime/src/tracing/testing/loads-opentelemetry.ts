import { registerHooks } from 'node:module';

/** Prints which packages of OpenTelemetry this process loaded, once with a service at hand and once after a span. argv: the endpoint. */
const loaded = new Set<string>();
registerHooks({
  load(url, context, nextLoad) {
    const [, name] = /node_modules\/(@opentelemetry\/[^/]+)\//.exec(url) ?? [];
    // The interface package, which prom-client loads everywhere, weighs nothing.
    if (name !== undefined && name !== '@opentelemetry/api') loaded.add(name);
    return nextLoad(url, context);
  },
});

await import('../../service/index.ts');
const { createMetrics } = await import('../../metrics/index.ts');
const { createTracer, TRACING_METRICS, beginSpan } = await import('../index.ts');
const log = { info: () => {}, warn: () => {} };
const [, , endpoint] = process.argv;
const tracer = createTracer({
  endpoint,
  process: { name: 'test', version: '0', environment: 'staging' },
  metrics: createMetrics(TRACING_METRICS),
  log,
});
const context = beginSpan(undefined);
const span = { kind: 'internal', context, parent: undefined, startMs: Date.now(), durationMs: 1 } as const;
tracer.record({ name: 'a span', ...span, attributes: {} });
await tracer.stop?.();
process.stdout.write(`loaded ${[...loaded].join(' ')}\nend\n`);
