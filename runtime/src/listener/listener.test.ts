import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { waitFor } from '../testing/index.ts';
import { closeServer, createBoundedServer, listenOn } from './index.ts';

describe('createBoundedServer', () => {
  test('cuts a client off whose header never ends', async () => {
    const server = createBoundedServer(() => undefined, { headersTimeoutMs: 100 });
    const port = await listenOn(server, { host: '127.0.0.1', port: 0, what: 'the test' });
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => {
      answer += String(chunk);
    });
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    await closed;
    expect(answer).toContain('HTTP/1.1 408 Request Timeout');
    expect(answer).toContain('content-type: application/problem+json');
    expect(answer).toContain('"code":"request_timeout"');
    await closeServer(server, { graceMs: 1_000 });
  });

  test.each([
    ['whose body never ends', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n', 'x'],
    [
      'whose chunks never end',
      'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n',
      '1\r\nx\r\n',
    ],
    ['that sends nothing at all', '', ''],
  ])('cuts off a client %s, however long it goes on', async (_who, first, then) => {
    const limits = { headersTimeoutMs: 100, requestTimeoutMs: 300 };
    const server = createBoundedServer((request) => void request.resume(), limits);
    const port = await listenOn(server, { host: '127.0.0.1', port: 0, what: 'the test' });
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    let answer = '';
    socket.on('data', (chunk) => {
      answer += String(chunk);
    });
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(first);
    const trickle = setInterval(() => socket.write(then), 20);
    await closed;
    clearInterval(trickle);
    expect(answer).toContain('HTTP/1.1 408 Request Timeout');
    await closeServer(server, { graceMs: 1_000 });
  });

  test.each([
    ['nonsense\r\n\r\n', 400, 'malformed_request'],
    [`GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(100_000)}\r\n\r\n`, 431, 'headers_too_large'],
  ])(
    'answers what Node refuses with a problem document, and lets go of it: %.20s',
    async (sent, status, code) => {
      const server = createBoundedServer(() => undefined);
      const port = await listenOn(server, { host: '127.0.0.1', port: 0, what: 'the test' });
      // Keeps its own side open: the server must not wait for it.
      const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
      socket.on('error', () => undefined);
      let answer = '';
      socket.on('data', (chunk) => {
        answer += String(chunk);
      });
      socket.write(sent);
      await waitFor(() => answer.includes('"detail"'));
      expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} .*problem\\+json.*"code":"${code}"`, 's'));
      await waitFor(async () => (await connectionsOf(server)) === 0);
      socket.destroy();
      await closeServer(server, { graceMs: 1_000 });
    },
  );

  test('ends a kept-alive connection as soon as its last request is answered after a close', async () => {
    let answer: (() => void) | undefined;
    const arrived = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const server = createBoundedServer((_request, response) => {
      answer?.();
      setTimeout(() => response.end('done'), 20);
    });
    server.keepAliveTimeout = 120_000;
    const port = await listenOn(server, { host: '127.0.0.1', port: 0, what: 'the test' });
    const socket = connect(port, '127.0.0.1');
    let received = '';
    socket.on('data', (chunk) => {
      received += String(chunk);
    });
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await arrived;
    const ended = once(socket, 'end');
    const since = performance.now();
    await closeServer(server, { graceMs: 60_000 });
    // Neither the grace nor the time of an idle connection was waited for.
    expect(performance.now() - since).toBeLessThan(30_000);
    await ended;
    expect(received).toContain('done');
  });
});

describe('listenOn', () => {
  test('an address that this machine does not have is an error with the remedy', async () => {
    const server = createBoundedServer(() => undefined);
    const where = { host: '192.0.2.1', port: 0, what: 'the test' };
    await expect(listenOn(server, where)).rejects.toThrow('cannot listen on 192.0.2.1:0');
  });
});

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((cause, count) => (cause === null ? resolve(count) : reject(cause)));
  });
}
