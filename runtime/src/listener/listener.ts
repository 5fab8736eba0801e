import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerBrokenRequest } from './broken-request.ts';

/**
 * A server that slow or idle clients cannot hold: headers within 5 s, the whole request within 15 s, an idle
 * connection is let go after 5 s. Node looks at these limits once per `connectionsCheckingInterval`.
 * What is cut off, or is not HTTP, is answered with a problem document.
 */
export function createBoundedServer(
  handler: RequestListener,
  options: { headersTimeoutMs?: number; requestTimeoutMs?: number } = {},
): Server {
  const { headersTimeoutMs = 5_000, requestTimeoutMs = 15_000 } = options;
  const limits = {
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: 5_000,
    connectionsCheckingInterval: Math.min(1_000, headersTimeoutMs),
  };
  const server = createServer(limits, handler);
  server.maxHeadersCount = 64;
  server.on('clientError', answerBrokenRequest);
  return server;
}

/**
 * Binds a server.
 * @param where.what how messages call this listener, e.g. "the ops listener".
 * @returns the port that was bound (the free one that was found, for port 0).
 * @throws Error that names the listener, the address, the likely cause and the remedy.
 */
export function listenOn(
  server: Server,
  where: { host: string; port: number; what: string },
): Promise<number> {
  const { host, port, what } = where;
  return new Promise((resolve, reject) => {
    const fail = (cause: NodeJS.ErrnoException) => {
      reject(new Error(`${what} cannot listen on ${host}:${port}: ${explain(cause)}`, { cause }));
    };
    server.once('error', fail);
    server.listen({ host, port }, () => {
      server.off('error', fail);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function explain(error: NodeJS.ErrnoException): string {
  if (error.code === 'EADDRINUSE') return 'another process has this port; stop it or choose another port';
  if (error.code === 'EACCES') return 'this user may not bind this port; choose one above 1023';
  if (error.code === 'EADDRNOTAVAIL') return 'this machine does not have this address; correct the host';
  return error.message;
}

/**
 * Stops accepting, lets requests under way finish for at most `graceMs`, then cuts what is left. Never rejects.
 */
export function closeServer(server: Server, { graceMs }: { graceMs: number }): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    // A connection whose request ends after this call falls idle then, and would stay for its keep-alive time.
    const sweep = setInterval(() => server.closeIdleConnections(), 25);
    server.close(() => {
      clearTimeout(cut);
      clearInterval(sweep);
      resolve();
    });
    server.closeIdleConnections();
  });
}
