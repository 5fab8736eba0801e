import { Agent } from 'node:http';
import { closeServer, listenOn } from '@scholar/runtime/listener';
import { createPublicServer } from '../public-server.ts';
import { sendEvent } from '../testing/send.ts';
import { createEventReceiver, type EventReceiverDeps } from './event-receiver.ts';

test('a request that brings a defect of ours to light gets 500, and the process and its connection go on', async () => {
  const defects: unknown[] = [];
  let broken = true;
  const receiveEvent = createEventReceiver({
    policy: () => ({
      side: 'hub',
      authorize: () => {
        if (broken) throw new Error('a defect');
        return { ok: false, code: 'unauthorized' };
      },
      legacyAliases: 'accept',
      environment: 'staging',
      now: () => 0,
    }),
    metrics: { refused: () => {} },
    trace: undefined,
    monotonic: () => 0,
    onDefect: (error: unknown) => defects.push(error),
  } as unknown as EventReceiverDeps);
  const server = createPublicServer({
    receiveEvent,
    app: (_request, response) => response.end(),
    maxConnections: 8,
  });
  const port = await listenOn(server, { host: '127.0.0.1', port: 0, what: 'the test' });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    const { answer } = await sendEvent(`http://127.0.0.1:${port}`, { agent });
    expect(answer).toMatchObject({ status: 500, body: { code: 'internal' } });
    expect(JSON.stringify(answer.body)).not.toContain('a defect');
    expect(defects).toEqual([new Error('a defect')]);
    broken = false;
    expect((await sendEvent(`http://127.0.0.1:${port}`, { agent })).answer.status).toBe(401);
  } finally {
    agent.destroy();
    await closeServer(server, { graceMs: 1_000 });
  }
});
