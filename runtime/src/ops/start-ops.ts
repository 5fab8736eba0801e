import type { IncomingMessage, ServerResponse } from 'node:http';
import { PROBLEM_MEDIA_TYPE, problemDocument } from '@scholar/contract';
import type { Health } from '../health/index.ts';
import { ANSWER_HEADERS, closeServer, createBoundedServer, listenOn } from '../listener/index.ts';
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
  /** Further documents by their path, made for a query; undefined where the query is not one of theirs. */
  documents?: Readonly<Record<string, (query: URLSearchParams) => unknown>>;
  log: Logger;
};

export interface Ops {
  readonly port: number;
  /** Stops accepting and ends open connections. */
  close(): Promise<void>;
}

type Answer = { status: number; contentType: string; body: string; headers?: Record<string, string> };
type Route = (query: URLSearchParams) => Answer | Promise<Answer>;

/**
 * The ops listener of a process: `/health /ready /metrics /running /status`, for machines on the pod's address.
 * `/ready?exclude=database` leaves a check out, for who can do without.
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
  const { health, metrics, running, status, documents = {} } = options;
  const routes = new Map<string, Route>([
    ['/health', () => json(200, { status: 'ok' })],
    ['/ready', async (query) => readiness(await health.ready(query.getAll('exclude')))],
    [
      '/metrics',
      async () => ({ status: 200, contentType: metrics.contentType, body: await metrics.render() }),
    ],
    ['/running', () => json(200, running())],
  ]);
  if (status) routes.set('/status', async () => json(200, await status()));
  for (const [path, document] of Object.entries(documents)) {
    routes.set(path, async (query) => {
      const made = await document(query);
      return made === undefined ? problem('invalid_body', 'Correct the query.') : json(200, made);
    });
  }
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
    'x-content-type-options': ANSWER_HEADERS['x-content-type-options'],
    'content-type': answer.contentType,
    'content-length': Buffer.byteLength(answer.body),
    'cache-control': 'no-store',
    ...answer.headers,
  });
  response.end(request.method === 'HEAD' ? undefined : answer.body);
}

async function decide(request: IncomingMessage, routes: Map<string, Route>, log: Logger): Promise<Answer> {
  const [path = '', query = ''] = (request.url ?? '').split('?', 2);
  const route = routes.get(path);
  if (!route) return problem('not_found', `Known paths: ${[...routes.keys()].join(' ')}`);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return { ...problem('method_not_allowed', 'Use GET or HEAD.'), headers: { allow: 'GET, HEAD' } };
  }
  try {
    return await route(new URLSearchParams(query));
  } catch (error) {
    log.error({ err: error, path: request.url }, 'the ops listener could not answer');
    return problem('internal', 'The log of this process says why.');
  }
}

function problem(
  code: 'not_found' | 'method_not_allowed' | 'invalid_body' | 'internal',
  detail: string,
): Answer {
  const document = problemDocument(code, { detail });
  return json(document.status, document, PROBLEM_MEDIA_TYPE);
}
