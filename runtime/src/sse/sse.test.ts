import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import got from 'got';
import { waitFor } from '../testing/wait-for.ts';
import {
  beginMessages,
  formatMessage,
  postForStream,
  readMessages,
  type SseMessage,
  UnexpectedStatus,
  write,
} from './index.ts';

async function read(chunks: string[], maxBytes = 1_000): Promise<SseMessage[]> {
  async function* source() {
    for (const chunk of chunks) yield Buffer.from(chunk, 'latin1');
  }
  const messages: SseMessage[] = [];
  for await (const message of readMessages(source(), { maxBytes })) messages.push(message);
  return messages;
}

const utf8 = (text: string) => Buffer.from(text).toString('latin1');

test.each<[string, string[], SseMessage[]]>([
  ['whole', ['event: a\ndata: 1\n\n'], [{ event: 'a', data: '1' }]],
  ['without a name', ['data: 1\n\n'], [{ event: 'message', data: '1' }]],
  ['of several lines', ['data: 1\ndata:2\ndata\n\n'], [{ event: 'message', data: '1\n2\n' }]],
  ['with a colon in it', ['data: {"a":1}\n\n'], [{ event: 'message', data: '{"a":1}' }]],
  [
    'cut into pieces',
    ['da', 'ta: 1', '\r', '\n\r\n', 'data: 2\r\r'],
    [
      { event: 'message', data: '1' },
      { event: 'message', data: '2' },
    ],
  ],
  [
    'cut within a character',
    [utf8('data: é\n\n').slice(0, 7), utf8('data: é\n\n').slice(7)],
    [{ event: 'message', data: 'é' }],
  ],
  ['a comment', [': alive\n\n'], []],
  ['cut off by the end', ['data: 1\n\ndata: 2\n'], [{ event: 'message', data: '1' }]],
])('a message %s is read by the standard', async (_case, chunks, messages) => {
  expect(await read(chunks)).toEqual(messages);
});

test('what is written is what is read', async () => {
  const data = { text: 'one\ntwo\r\n\nevent: x' };
  expect(await read([formatMessage('text', data)])).toEqual([{ event: 'text', data: JSON.stringify(data) }]);
});

test('a stream that does not end is given up at its bound', async () => {
  await expect(read(['data: 1\n\n', 'x'.repeat(50)], 40)).rejects.toThrow('more than 40 bytes');
});

describe('over a real connection', () => {
  let server: Server;
  let answer: RequestListener;
  let url: string;
  beforeAll(async () => {
    server = createServer((request, response) => answer(request, response));
    await new Promise<void>((listening) => server.listen({ host: '127.0.0.1', port: 0 }, listening));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    return new Promise((closed) => server.close(closed));
  });
  const post = (signal = new AbortController().signal) =>
    postForStream(got, url, { json: {}, headers: {}, signal, withinMs: 60_000 });

  test('a refusal is told by its status, and its body is not waited for', async () => {
    answer = (_request, response) => void response.writeHead(429).write('for ever');
    await expect(post()).rejects.toEqual(new UnexpectedStatus(429));
  });

  test('who answers nothing is given up by the signal', async () => {
    answer = () => undefined;
    const abort = new AbortController();
    const posted = post(abort.signal);
    abort.abort();
    await expect(posted).rejects.toThrow();
  });

  test('who stops reading ends the request, and a server that waits for its reader holds one piece', async () => {
    let written = 0;
    let left = false;
    answer = async (_request, response) => {
      const ended = new AbortController();
      response.once('close', () => ended.abort());
      beginMessages(response);
      while (!ended.signal.aborted) {
        await write(response, formatMessage('text', 'x'.repeat(100_000)), ended.signal);
        written += 1;
      }
      left = true;
    };
    const { contentType, body } = await post();
    expect(contentType).toContain('text/event-stream');
    const messages = readMessages(body, { maxBytes: 1e9 });
    await messages.next();
    // Buffers of two kernels and two processes are full some time; then nothing more is written.
    const settled = await waitFor(async () => {
      const before = written;
      await delay(200);
      return before === written ? before : undefined;
    });
    expect(settled).toBeLessThan(1_000);
    await messages.return(undefined);
    await waitFor(() => left);
  });
});
