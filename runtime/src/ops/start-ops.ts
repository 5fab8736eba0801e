import type { IncomingMessage, ServerResponse } from 'node:http';
import { PROBLEM_MEDIA_TYPE, problemDocument } from '@scholar/contract';
import type { Health } from '../health/index.ts';
import { closeServer, createBoundedServer, listenOn } from '../listener/index.ts';
import type { Logger } from '../log/index.ts';
import type { Metrics } from '../metrics/index.ts';
import type { Running } from '../running/index.ts';

export type OpsOptions = {
  host: string;
  /** 0 takes any free port; the real one is in the result. */
  port: number;
  health: Health;
  metrics: Pick<Metrics, 'render' | 'contentType'>;
  running: () => Running;
  /** The document of `/status`; without it the path does not exist. */
  status?: () => unknown;
  log: Logger;
};

export interface Ops {
  readonly port: number;
  /** Stops accepting and ends open connections. */
  close(): Promise<void>;
}

type Answer = { status: number; contentType: string; body: string; headers?: Record<string, string> };
type Route = () => Answer | Promise<Answer>;

/**
 * The ops listener of a process: `/health /ready /metrics /running /status`, for machines on the pod's address.
 * Plain node:http, because the forwarder must not carry Express.
 * @throws Error when the address cannot be bound, saying which one.
 */
export async function startOps(options: OpsOptions): Promise<Ops> {
  const routes = createRoutes(options);
  const server = createBoundedServer((request, response) => {
    void respond(request, response, { routes, log: options.log });
  });
  const port = await listenOn(server, { host: options.host, port: options.port, what: 'the ops listener' });
  return { port, close: () => closeServer(server, { graceMs: 1_000 }) };
}

function createRoutes(options: OpsOptions): Map<string, Route> {
  const { health, metrics, running, status } = options;
  const routes = new Map<string, Route>([
    ['/health', () => json(200, { status: 'ok' })],
    ['/ready', async () => readiness(await health.ready())],
    [
      '/metrics',
      async () => ({ status: 200, contentType: metrics.contentType, body: await metrics.render() }),
    ],
    ['/running', () => json(200, running())],
  ]);
  if (status) routes.set('/status', async () => json(200, await status()));
  return routes;
}

function readiness(result: Awaited<ReturnType<Health['ready']>>): Answer {
  return json(result.ready ? 200 : 503, result);
}

function json(status: number, value: unknown, contentType = 'application/json'): Answer {
  return { status, contentType, body: `${JSON.stringify(value)}\n` };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  { routes, log }: { routes: Map<string, Route>; log: Logger },
): Promise<void> {
  // Nothing here reads a body; let it drain so that the connection stays usable.
  request.resume();
  const answer = await decide(request, routes, log);
  response.writeHead(answer.status, {
    'content-type': answer.contentType,
    'content-length': Buffer.byteLength(answer.body),
    'cache-control': 'no-store',
    ...answer.headers,
  });
  response.end(request.method === 'HEAD' ? undefined : answer.body);
}

async function decide(request: IncomingMessage, routes: Map<string, Route>, log: Logger): Promise<Answer> {
  const route = routes.get((request.url ?? '').split('?', 1)[0] ?? '');
  if (!route) return problem('not_found', `Known paths: ${[...routes.keys()].join(' ')}`);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return { ...problem('method_not_allowed', 'Use GET or HEAD.'), headers: { allow: 'GET, HEAD' } };
  }
  try {
    return await route();
  } catch (error) {
    log.error({ err: error, path: request.url }, 'the ops listener could not answer');
    return problem('internal', 'The log of this process says why.');
  }
}

function problem(code: 'not_found' | 'method_not_allowed' | 'internal', detail: string): Answer {
  const document = problemDocument(code, { detail });
  return json(document.status, document, PROBLEM_MEDIA_TYPE);
}
