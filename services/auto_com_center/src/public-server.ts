import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { cameByPlainHttp } from '@scholar/runtime/http';
import { createBoundedServer } from '@scholar/runtime/listener';
import { isIngest } from './ingest/event-receiver.ts';

export type PublicServerOptions = {
  receiveEvent: (request: IncomingMessage, response: ServerResponse) => void;
  app: RequestListener;
  maxConnections: number;
  /** Leaves events that came by plain http to the application, which refuses them. */
  httpsOnly?: boolean;
};

/** Longer than the usual idle time of a load balancer (60 s): the side that reuses a connection must not lose the race. */
const KEEP_ALIVE_MS = 65_000;

/** One listener for both: events go past Express, which would cost them more than everything else together. */
export function createPublicServer(options: PublicServerOptions): Server {
  const { receiveEvent, app, maxConnections, httpsOnly = false } = options;
  const server = createBoundedServer((request, response) => {
    // A kept-alive connection that never falls idle would hold a stop until it is cut.
    if (!server.listening) response.setHeader('connection', 'close');
    const isReadable = httpsOnly && cameByPlainHttp(request.headers);
    if (isIngest(request.method, request.url) && !isReadable) receiveEvent(request, response);
    else app(request, response);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.maxConnections = maxConnections;
  return server;
}
