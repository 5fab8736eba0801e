import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export type StubRequest = { method: string; path: string; headers: IncomingHttpHeaders; body: string };
export type StubAnswer = { status: number; headers?: Record<string, string>; body?: unknown };

export type HttpStub = {
  url: string;
  readonly requests: readonly StubRequest[];
  close(): Promise<void>;
};

/**
 * A real HTTP server on a free port of 127.0.0.1 that answers as told. An object as body is sent as JSON, the pieces of an
 * async iterable one by one; one that throws cuts the connection, and one whose reader leaves is returned.
 */
export async function createHttpStub(
  answer: (request: StubRequest) => StubAnswer | Promise<StubAnswer>,
): Promise<HttpStub> {
  const requests: StubRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const request = {
      method: incoming.method ?? '',
      path: incoming.url ?? '',
      headers: incoming.headers,
      body: Buffer.concat(chunks).toString(),
    };
    requests.push(request);
    const { status, headers = {}, body = '' } = await answer(request);
    if (isPieces(body)) {
      response.writeHead(status, headers);
      response.flushHeaders();
      await pipeline(Readable.from(body), response).catch(() => undefined);
      return;
    }
    const isText = typeof body === 'string';
    response.writeHead(status, { ...(isText ? {} : { 'content-type': 'application/json' }), ...headers });
    response.end(isText ? body : JSON.stringify(body));
  });
  await new Promise<void>((listening) => server.listen({ host: '127.0.0.1', port: 0 }, listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

function isPieces(body: unknown): body is AsyncIterable<string> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}
