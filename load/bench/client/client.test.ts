import { setTimeout as sleep } from 'node:timers/promises';
import { APP_LABELS } from '@scholar/contract';
import { createHttpStub, freePort } from '@scholar/runtime/testing';
import { BODY_BYTES, labelOf } from '../event.ts';
import type { Channel } from './channel.ts';
import { openChannels } from './channel.ts';
import { drive } from './drive.ts';
import { parseAnswer } from './http-connection.ts';
import { eventRequests, natsMessages, otlpRequests } from './requests.ts';
import { cutRequest, startSink } from './sink.ts';

const ID = '0f8fad5b-d9cb-469f-a165-70867728950e';

test('an answer is complete with its last byte', () => {
  const text = 'HTTP/1.1 202 Accepted\r\nContent-Length: 5\r\n\r\nhello';
  expect(parseAnswer(text)).toEqual({ status: 202, body: 'hello' });
  for (let length = 0; length < text.length; length += 1)
    expect(parseAnswer(text.slice(0, length))).toBeUndefined();
  expect(() => parseAnswer('HTTP/1.1 200 OK\r\n\r\n')).toThrow('content-length');
});

test('requests are cut where they end, one after the other', () => {
  const [one, two] = [eventRequests({ port: 1, label: labelOf(0) })(ID), otlpRequests(1)(ID)];
  expect(cutRequest(one.slice(0, -1))).toBeUndefined();
  expect(cutRequest(one + two)).toBe(one);
  expect(cutRequest(two + one)).toBe(two);
});

test('every protocol carries the same event and its id', () => {
  expect(natsMessages()(ID)).toHaveLength(36 + BODY_BYTES);
  const body = JSON.parse(otlpRequests(1)(ID).split('\r\n\r\n')[1] ?? '');
  const [record] = body.resourceLogs[0].scopeLogs[0].logRecords;
  expect(record.body.stringValue).toHaveLength(BODY_BYTES);
  expect(record.attributes).toEqual([{ key: 'x-event-id', value: { stringValue: ID } }]);
});

test('what the client sends is one event to a real server, and the sink answers it with a receipt', async () => {
  const stub = await createHttpStub(() => ({ status: 202, headers: { 'content-length': '2' }, body: '{}' }));
  const port = Number(new URL(stub.url).port);
  const [channel] = await openChannels({ protocol: 'event', ports: [port] }, 1);
  await channel?.send(ID);
  expect(stub.requests).toMatchObject([{ method: 'POST', path: '/events', headers: { 'x-event-id': ID } }]);
  expect(Buffer.byteLength(stub.requests[0]?.body ?? '')).toBe(BODY_BYTES);
  channel?.close();
  await stub.close();
});

test('an answer that is no acknowledgement ends the load', async () => {
  const stub = await createHttpStub(() => ({
    status: 503,
    headers: { 'content-length': '4' },
    body: 'full',
  }));
  const ports = [Number(new URL(stub.url).port)];
  const channels = await openChannels({ protocol: 'event', ports }, 2);
  const ids: string[] = [];
  const acknowledged = (id: string): void => void ids.push(id);
  await expect(drive({ channels, acknowledged }).finished).rejects.toThrow('answered 503');
  expect(ids).toEqual([]);
  for (const channel of channels) channel.close();
  await stub.close();
});

test('the sink knows every id that came, in both protocols, and counts a repeated one once', async () => {
  const port = await freePort();
  const sink = await startSink(port);
  const [events] = await openChannels({ protocol: 'otlp', ports: [port] }, 1);
  await events?.send(ID);
  await events?.send(ID);
  expect([...sink.ids]).toEqual([ID]);
  events?.close();
  sink.close();
});

/** A target that acknowledges when it is told to. */
function heldChannels(count: number) {
  const waiting: (() => void)[] = [];
  const channel: Channel = {
    send: () => new Promise((resolve) => waiting.push(resolve)),
    close: () => undefined,
  };
  return { waiting, channels: Array.from({ length: count }, () => channel) };
}

test('the closed model has as many in flight as there are channels, and stops after as many events as asked', async () => {
  const { waiting, channels } = heldChannels(3);
  let acknowledged = 0;
  const driven = drive({ channels, stopAfter: 5, acknowledged: () => (acknowledged += 1) });
  for (const expected of [3, 2]) {
    for (let tries = 0; waiting.length < expected && tries < 1_000; tries += 1) await sleep(1);
    expect(waiting).toHaveLength(expected);
    for (const answer of waiting.splice(0)) answer();
  }
  await driven.finished;
  expect(acknowledged).toBe(5);
});

test('the open model counts the wait of an event that finds no free channel', async () => {
  const { waiting, channels } = heldChannels(1);
  const took: number[] = [];
  const driven = drive({ channels, perSecond: 500, acknowledged: (_id, tookMs) => took.push(tookMs) });
  await sleep(100);
  expect(waiting).toHaveLength(1);
  for (let tries = 0; took.length < 20 && tries < 2_000; tries += 1) {
    for (const answer of waiting.splice(0)) answer();
    await sleep(0);
  }
  const stopped = driven.stop();
  for (const answer of waiting.splice(0)) answer();
  await stopped;
  // The second was due two milliseconds after the first, which was held for a hundred.
  expect(took[1]).toBeGreaterThan(90);
});

test('the open model tells how many events found no free channel, each once', async () => {
  const { waiting, channels } = heldChannels(2);
  const driven = drive({ channels, perSecond: 500, pace: 'timer', acknowledged: () => undefined });
  for (let tries = 0; driven.waited() < 10 && tries < 1_000; tries += 1) await sleep(1);
  const waited = driven.waited();
  expect(waited).toBeGreaterThanOrEqual(10);
  const stopped = driven.stop();
  for (const answer of waiting.splice(0)) answer();
  await stopped;
});

test('with several senders each connection is one app, and A8 is sent a key', async () => {
  const stub = await createHttpStub(() => ({ status: 201, headers: { 'content-length': '2' }, body: '{}' }));
  const ports = [Number(new URL(stub.url).port)];
  const channels = await openChannels({ protocol: 'hub', ports, senders: 7, key: 'k' }, 14);
  for (const channel of channels) await channel.send(ID);
  const labels = stub.requests.map(({ headers }) => headers['x-app-label']);
  expect(labels).toEqual([...APP_LABELS, ...APP_LABELS]);
  expect(new Set(stub.requests.map(({ headers }) => headers['authorization']))).toEqual(
    new Set(['Bearer k']),
  );
  for (const channel of channels) channel.close();
  await stub.close();
});

test('what is held back for a target that is killed then does not keep the load from its end', async () => {
  const { waiting, channels } = heldChannels(2);
  let acknowledged = 0;
  const driven = drive({
    channels: channels.map((channel) => ({
      ...channel,
      send: (id) => (acknowledged < 2 ? channel.send(id) : Promise.reject(new Error('killed'))),
    })),
    holdBack: () => acknowledged >= 2,
    acknowledged: () => (acknowledged += 1),
  });
  for (const answer of waiting.splice(0)) answer();
  for (let tries = 0; acknowledged < 2 && tries < 1_000; tries += 1) await sleep(1);
  driven.expectEnd();
  await driven.stop();
  expect(acknowledged).toBe(2);
});
