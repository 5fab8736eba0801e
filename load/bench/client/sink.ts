import { createServer, type Server, type Socket } from 'node:net';
import type { Receipt } from '@scholar/contract';

export interface Sink {
  readonly delivered: number;
  /** Every id that came, each once. */
  readonly ids: ReadonlySet<string>;
  close(): void;
}

/**
 * Answers every delivery at once: A8's receipt for `POST /events`, an empty success for OTLP. It does nothing else,
 * so that what is measured is the sender.
 */
export async function startSink(port: number): Promise<Sink> {
  const ids = new Set<string>();
  const server: Server = createServer({ noDelay: true }, (socket) => {
    socket.setEncoding('latin1');
    let text = '';
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: string) => {
      text += chunk;
      for (let request = cutRequest(text); request !== undefined; request = cutRequest(text)) {
        text = text.slice(request.length);
        answer(socket, request, ids);
      }
    });
  });
  await new Promise<void>((listening) => server.listen({ host: '127.0.0.1', port }, listening));
  return {
    get delivered() {
      return ids.size;
    },
    ids,
    close: () => void server.close(),
  };
}

/** Pure. The first whole request of what has come, with its body. */
export function cutRequest(text: string): string | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(text.slice(0, end))?.[1] ?? 0);
  const whole = end + 4 + length;
  return text.length < whole ? undefined : text.slice(0, whole);
}

function answer(socket: Socket, request: string, ids: Set<string>): void {
  if (request.startsWith('POST /v1/logs ')) {
    for (const [, id = ''] of request.matchAll(/"x-event-id","value":\{"stringValue":"([0-9a-f-]{36})"/g))
      ids.add(id);
    respond(socket, '200 OK', '{}');
    return;
  }
  const id = /\r\nx-event-id: *([0-9a-f-]{36})/i.exec(request)?.[1];
  if (id === undefined) throw new Error(`a delivery without an id: ${request.slice(0, 300)}`);
  ids.add(id);
  const receipt: Receipt = {
    accepted: true,
    persisted: true,
    event_id: id,
    received_at: new Date().toISOString(),
    duplicate: false,
    request_id: '00000000-0000-4000-8000-000000000000',
  };
  respond(socket, '201 Created', JSON.stringify(receipt));
}

function respond(socket: Socket, status: string, body: string): void {
  socket.write(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    'latin1',
  );
}
