import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createSender } from './sender.ts';

type Script = (socket: Socket) => void;
const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
const opened: { close: () => Promise<void> }[] = [];

afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

/** One request to a server that answers with these very bytes. */
async function sendTo(script: Script, timeoutMs = 5_000) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    socket.once('data', () => script(socket));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sender = createSender({ connections: 1, timeoutMs });
  opened.push(sender, {
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return sender.send({ origin, path: '/events', headers: {}, body: Buffer.from('{}') });
}

const answered = (body: string) => ({
  answer: { status: 200, contentType: 'application/json', retryAfter: undefined, body },
});

test('an answer comes whole, in however many pieces, whatever is said before it', async () => {
  const sent = await sendTo((socket) => {
    socket.write(`HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${HEAD}content-length: 11\r\n\r\n{"a":`);
    setImmediate(() => socket.write('"§"}\n'));
  });
  expect(sent).toEqual(answered('{"a":"§"}\n'));
});

test.each<[string, Script, number]>([
  ['torn', (socket) => socket.end(`${HEAD}content-length: 100\r\n\r\n{"persisted":true`), 5_000],
  [
    'longer than an answer can be',
    (socket) => socket.write(`${HEAD}content-length: 70000\r\n\r\n${'x'.repeat(70_000)}`),
    5_000,
  ],
  [
    'slower than the limit',
    (socket) => socket.write(`${HEAD}content-length: 100\r\n\r\n{"persisted":true`),
    200,
  ],
])('a body that is %s counts as none: no receipt is read out of a part', async (_what, script, timeoutMs) => {
  expect(await sendTo(script, timeoutMs)).toEqual(answered(''));
});

test('what ends without a head of an answer is unreachable, and says why', async () => {
  expect(await sendTo((socket) => socket.destroy())).toEqual({ unreachable: 'UND_ERR_SOCKET' });
  expect(await sendTo(() => undefined, 200)).toEqual({ unreachable: 'UND_ERR_HEADERS_TIMEOUT' });
  const nobody = createSender({ connections: 1, timeoutMs: 1_000 });
  opened.push(nobody);
  const request = { path: '/', headers: {}, body: Buffer.alloc(0) };
  expect(await nobody.send({ origin: 'http://127.0.0.1:1', ...request })).toEqual({
    unreachable: 'ECONNREFUSED',
  });
  expect(await nobody.send({ origin: 'ftp://nowhere', ...request })).toEqual({
    unreachable: 'UND_ERR_INVALID_ARG',
  });
});

test('the pool that is loaded alone is the one that undici names', async () => {
  const [{ Pool }, { default: alone }] = await Promise.all([
    import('undici'),
    import('undici/lib/dispatcher/pool.js'),
  ]);
  expect(alone).toBe(Pool);
});
