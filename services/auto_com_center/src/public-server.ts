import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { createBoundedServer } from '@scholar/runtime/listener';
import { isIngest } from './ingest/event-receiver.ts';

export type PublicServerOptions = {
  receiveEvent: (request: IncomingMessage, response: ServerResponse) => void;
  app: RequestListener;
  maxConnections: number;
};

/** Longer than the usual idle time of a load balancer (60 s): the side that reuses a connection must not lose the race. */
const KEEP_ALIVE_MS = 65_000;

/** One listener for both: events go past Express, which would cost them more than everything else together. */
export function createPublicServer(options: PublicServerOptions): Server {
  const { receiveEvent, app, maxConnections } = options;
  const server = createBoundedServer((request, response) => {
    // A kept-alive connection that never falls idle would hold a stop until it is cut.
    if (!server.listening) response.setHeader('connection', 'close');
    if (isIngest(request.method, request.url)) receiveEvent(request, response);
    else app(request, response);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.maxConnections = maxConnections;
  server.on('clientError', answerBrokenRequest);
  return server;
}

const STATUS: Record<string, string> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
};

/** What is not HTTP, or too slow, has no id to speak of: a bare status and the end of the connection. */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = STATUS[error.code ?? ''] ?? '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
}
