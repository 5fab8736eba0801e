import { connect, type Socket } from 'node:net';
import express from 'express';
import { waitFor } from '../testing/index.ts';
import { type Listening, listen } from './index.ts';

let listening: Listening | undefined;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await listening?.close();
  listening = undefined;
});

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  sockets.push(socket);
  await new Promise((resolve) => socket.once('connect', resolve));
  return socket;
}

describe('listen', () => {
  test('a close lets the request under way finish and takes no further one', async () => {
    let answer: (() => void) | undefined;
    const app = express().get('/slow', (_request, response) => {
      answer = () => void response.send('done');
    });
    listening = await listen(app, { host: '127.0.0.1', port: 0 });
    const url = `http://127.0.0.1:${listening.port}/slow`;
    const slow = fetch(url).then((response) => response.text());
    await waitFor(() => answer !== undefined);
    const closing = listening.close();
    await expect(fetch(url)).rejects.toThrow();
    answer?.();
    expect(await slow).toBe('done');
    await closing;
  });

  test('a close does not wait for idle connections, and cuts a request that overruns the grace', async () => {
    let reached = false;
    const app = express().get('/never', () => {
      reached = true;
    });
    listening = await listen(app, { host: '127.0.0.1', port: 0, graceMs: 50 });
    await open(listening.port);
    const stuck = await open(listening.port);
    stuck.write('GET /never HTTP/1.1\r\nHost: x\r\n\r\n');
    await waitFor(() => reached);
    const cut = new Promise((resolve) => stuck.once('close', resolve));
    await listening.close();
    await cut;
  });

  test('hundreds of idle connections and a slow sender keep nobody from an answer', async () => {
    const app = express().get('/', (_request, response) => void response.send('here'));
    listening = await listen(app, { host: '127.0.0.1', port: 0 });
    const { port } = listening;
    await Promise.all(Array.from({ length: 300 }, () => open(port)));
    const slow = await open(port);
    slow.write('GET / HTTP/1.1\r\nHost:');
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('here');
  });
});
