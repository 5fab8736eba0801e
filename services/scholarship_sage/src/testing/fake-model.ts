import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type ModelRequest = {
  path: string;
  headers: IncomingHttpHeaders;
  /** The body, parsed. */
  asked: { stream?: boolean; max_tokens: number; messages: { role: string; content: string }[] };
};

/** What a model does with a request. */
export type Behaviour = (response: ServerResponse, request: ModelRequest) => unknown;

export type FakeModel = {
  url: string;
  readonly requests: readonly ModelRequest[];
  /** Requests that the other side ended before the answer was whole. */
  readonly abandoned: number;
  behave(behaviour: Behaviour): void;
  close(): Promise<void>;
};

/** A real HTTP server in the place of a model; it does as it is told, well or badly. */
export async function createFakeModel(): Promise<FakeModel> {
  const requests: ModelRequest[] = [];
  let behaviour: Behaviour = says('I do not know.');
  let abandoned = 0;
  const server = createServer(async (incoming, response) => {
    let body = '';
    for await (const chunk of incoming) body += chunk;
    const request = { path: incoming.url ?? '', headers: incoming.headers, asked: JSON.parse(body) };
    requests.push(request);
    response.once('close', () => {
      if (!response.writableFinished) abandoned += 1;
    });
    await behaviour(response, request);
  });
  await new Promise<void>((listening) => server.listen({ host: '127.0.0.1', port: 0 }, listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    get abandoned() {
      return abandoned;
    },
    behave(next) {
      behaviour = next;
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

export type Tokens = { prompt_tokens: number; completion_tokens: number };

/** Answers as a good model: in chunks where that was asked for, else with one document. */
export function says(text: string, usage?: Tokens): Behaviour {
  return (response, { asked }) => {
    if (!asked.stream) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ choices: [{ message: { content: text } }], usage }));
      return;
    }
    beginStream(response);
    for (const word of text.split(/(?<= )/u)) response.write(chunk(word));
    response.write(`data: ${JSON.stringify({ choices: [{ delta: {}, finish_reason: 'stop' }] })}\n\n`);
    if (usage) response.write(`data: ${JSON.stringify({ choices: [], usage })}\n\n`);
    response.end('data: [DONE]\n\n');
  };
}

/** Refuses, or answers what is no completion. */
export function answers(status: number, body: string, type = 'application/json'): Behaviour {
  return (response) => {
    response.writeHead(status, { 'content-type': type });
    response.end(body);
  };
}

export function beginStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
}

/** A chunk as OpenAI documents it. */
export function chunk(text: string): string {
  return `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: text }, finish_reason: null }] })}\n\n`;
}
