import { createServer } from 'node:http';
import type { Run } from '../context.ts';
import type { Metric } from './registry.ts';

/** Percentiles that are told while a run goes on; k6's remote write sends them when K6_PROMETHEUS_RW_TREND_STATS names them. */
const TREND_STATS = ['p(50)', 'p(95)', 'p(99)', 'max'];

export interface MetricsServer {
  show(run: Run): void;
  close(): Promise<void>;
}

/** `GET /metrics`: what k6 would send to Prometheus, under the same names, to be scraped. @throws Error when the port is taken */
export async function startMetricsServer(port: number): Promise<MetricsServer> {
  let run: Run | undefined;
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(
      run === undefined ? '' : renderMetrics(run.metrics.all, (performance.now() - run.startedMs) / 1000),
    );
  });
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(port, '127.0.0.1', resolve),
  );
  return {
    show: (started) => {
      run = started;
    },
    close: () => new Promise((closed) => server.close(() => closed()).closeAllConnections()),
  };
}

/** Names as k6's remote write gives them: k6_, times in seconds, _total for counters, _rate, and one for each percentile. Pure. */
export function renderMetrics(metrics: readonly Metric[], seconds: number): string {
  return metrics.flatMap((metric) => linesOf(metric, seconds)).join('');
}

function linesOf({ name, type, contains, sink }: Metric, seconds: number): string[] {
  const values = sink.values(seconds, TREND_STATS);
  const line = (of: string, kind: string, value: number): string => `# TYPE ${of} ${kind}\n${of} ${value}\n`;
  if (type === 'counter') return [line(`k6_${name}_total`, 'counter', values['count'] ?? 0)];
  if (type === 'rate') return [line(`k6_${name}_rate`, 'gauge', values['rate'] ?? 0)];
  if (type === 'gauge') return [line(`k6_${name}`, 'gauge', values['value'] ?? 0)];
  const scale = contains === 'time' ? 1000 : 1;
  return TREND_STATS.map((stat) =>
    line(`k6_${name}_${stat.replace(/[()]/gu, '')}`, 'gauge', (values[stat] ?? 0) / scale),
  );
}
