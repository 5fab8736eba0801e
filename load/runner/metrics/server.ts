import { createServer } from 'node:http';
import type { Run } from '../context.ts';
import { renderMetrics } from './exposition.ts';

export interface MetricsServer {
  show(run: Run): void;
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';

/**
 * `GET /metrics`: what k6 would send to Prometheus, under the same names and labels, to be scraped.
 * @param at port on 127.0.0.1, or `address:port`, such as 0.0.0.0:5665 in a pod. @throws Error when it is none, or taken
 */
export async function startMetricsServer(at: string): Promise<MetricsServer> {
  const [, host = LOOPBACK, port] = /^(?:(.+):)?(\d+)$/.exec(at) ?? [];
  if (port === undefined) throw new Error(`--metrics-port ${at}: write a port, or address:port`);
  let run: Run | undefined;
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(
      run === undefined ? '' : renderMetrics(run.metrics.all, (performance.now() - run.startedMs) / 1000),
    );
  });
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(Number(port), host, resolve),
  );
  return {
    show: (started) => {
      run = started;
    },
    close: () => new Promise((closed) => server.close(() => closed()).closeAllConnections()),
  };
}
