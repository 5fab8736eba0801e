import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@scholar/runtime/clock';
import { createTestDatabase, waitFor } from '@scholar/runtime/testing';
import { LiveTails } from './live-tails.ts';
import { eventTail } from './tail-sources.ts';

test('a quiet tail shows life and its place, and a client that leaves is forgotten', async () => {
  const database = await createTestDatabase({ migrations: new URL('../../migrations/', import.meta.url) });
  const counts: number[] = [];
  const tails = new LiveTails({
    ...{ clock: systemClock, pollMs: 10, heartbeatMs: 50, maxTails: 1 },
    onCount: (open) => counts.push(open),
  });
  const server = createServer((_request, response) => {
    void tails.serve(response, eventTail(database.pool, { simulated: false }), undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  let text = '';
  const request = get({ host: '127.0.0.1', port: (server.address() as AddressInfo).port }, (response) => {
    response.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    response.on('error', () => {});
  });
  request.on('error', () => {});
  await waitFor(
    () => (text.match(/^: heartbeat\nid: (\d+-\d+)\nevent: place\ndata: \1\n\n/gm)?.length ?? 0) > 2,
  );
  expect(tails.full).toBe(true);
  request.destroy();
  await waitFor(() => !tails.full);
  expect(counts).toEqual([1, 0]);
  await new Promise((resolve) => server.close(resolve));
  await database.drop();
});
