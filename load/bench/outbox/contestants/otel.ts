import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, waitFor } from '@scholar/runtime/testing';
import { startSink } from '../../client/sink.ts';
import { startServer } from '../../launch.ts';
import type { Contestant, StartOptions } from './contestant.ts';

/** Longer than any drain here takes: at some 800 events a second. */
const DRAIN_MS = 150_000;

/**
 * The OpenTelemetry Collector: OTLP over HTTP in, a persistent sending queue over file_storage with `fsync: true`, OTLP over
 * HTTP out. One request is one item; no batching, as the forwarder delivers one event a request.
 * @param bounded a queue of 1,000 that blocks, its best setting end to end; else one that takes whatever comes.
 */
export function otel(binary: string, bounded = false): Contestant {
  const start = async ({ folder, sinkPort, traceFile }: StartOptions) => {
    const [port, nobody] = [await freePort(), await freePort()];
    const storage = join(folder, 'queue');
    mkdirSync(storage, { recursive: true });
    const config = join(folder, 'collector.yaml');
    writeFileSync(config, JSON.stringify(configOf({ port, to: sinkPort ?? nobody, storage, bounded })));
    const env = { GOMAXPROCS: '1' };
    return startServer({ command: { file: binary, args: ['--config', config], env }, port, traceFile });
  };
  return {
    name: 'otel',
    title: 'OpenTelemetry Collector, fsync: true',
    protocol: 'otlp',
    durability: 'D3',
    start,
    /** Its queue has no reader but itself: it is started again and delivers what it finds. */
    async storedIds(folder, expected) {
      const sinkPort = await freePort();
      const sink = await startSink(sinkPort);
      const running = await start({ folder, sinkPort });
      try {
        let [seen, sinceMs] = [0, performance.now()];
        const drained = (): boolean => {
          if (sink.delivered !== seen) [seen, sinceMs] = [sink.delivered, performance.now()];
          // What was under way when it was killed comes on top of what was acknowledged; then it falls silent.
          return performance.now() - sinceMs > (seen >= expected ? 500 : 10_000);
        };
        await waitFor(drained, { timeoutMs: DRAIN_MS, what: 'the collector delivering its queue' });
        return new Set(sink.ids);
      } finally {
        await running.kill();
        sink.close();
      }
    },
  };
}

/** YAML is a superset of JSON. */
function configOf(o: { port: number; to: number; storage: string; bounded: boolean }): object {
  return {
    extensions: { file_storage: { directory: o.storage, fsync: true, create_directory: true } },
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${o.port}` } } } },
    exporters: {
      otlp_http: {
        endpoint: `http://127.0.0.1:${o.to}`,
        encoding: 'json',
        compression: 'none',
        retry_on_failure: {
          enabled: true,
          initial_interval: '100ms',
          max_interval: '10s',
          max_elapsed_time: 0,
        },
        sending_queue: {
          storage: 'file_storage',
          queue_size: o.bounded ? 1_000 : 100_000_000,
          block_on_overflow: o.bounded,
          num_consumers: 32,
        },
      },
    },
    service: {
      extensions: ['file_storage'],
      telemetry: { logs: { level: 'error' }, metrics: { level: 'none' } },
      pipelines: { logs: { receivers: ['otlp'], exporters: ['otlp_http'] } },
    },
  };
}
