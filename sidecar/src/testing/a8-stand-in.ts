import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PROBLEM_MEDIA_TYPE, type ProblemCode, problemDocument } from '@scholar/contract';

export type Received = {
  id: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
  path: string;
  atMs: number;
};
export type Behaviour = (received: Received, response: ServerResponse) => void;

/** A small real HTTP server at the far end of a forwarder: it answers as it is told and remembers what it got. */
export class A8StandIn {
  behaviour: Behaviour = confirm;
  readonly received: Received[] = [];
  /** Ids that were answered with a receipt, with the number of times. */
  readonly stored = new Map<string, number>();
  #server = this.#create();
  #port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get ids(): string[] {
    return this.received.map(({ id }) => id);
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host: '127.0.0.1', port: this.#port }, resolve);
    });
    this.#port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  /** Goes away, connections and all; `start` comes back on the same port. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
    this.#server = this.#create();
  }

  #create() {
    return createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const received = {
          id: String(request.headers['x-event-id']),
          headers: request.headers,
          body: Buffer.concat(chunks),
          path: request.url ?? '',
          atMs: performance.now(),
        };
        this.received.push(received);
        if (this.behaviour === confirm) this.stored.set(received.id, (this.stored.get(received.id) ?? 0) + 1);
        this.behaviour(received, response);
      });
    });
  }
}

export function receiptFor(eventId: string) {
  const received_at = new Date().toISOString();
  return {
    accepted: true,
    persisted: true,
    event_id: eventId,
    received_at,
    duplicate: false,
    request_id: 'req-1',
  };
}

/** A healthy A8. */
export const confirm: Behaviour = ({ id }, response) => answerJson(response, 201, receiptFor(id));

/** A8 without a problem: status and headers as given. */
export function answers(status: number, headers: Record<string, string> = {}, body = ''): Behaviour {
  return (_received, response) => response.writeHead(status, headers).end(body);
}

/** A8's own word on one event. */
export function refuses(code: ProblemCode): Behaviour {
  return ({ id }, response) => {
    const problem = problemDocument(code, { eventId: id, pointer: '/payload' });
    answerJson(response, problem.status, problem, PROBLEM_MEDIA_TYPE);
  };
}

export function answerJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  contentType = 'application/json',
): void {
  response.writeHead(status, { 'content-type': contentType }).end(JSON.stringify(body));
}
