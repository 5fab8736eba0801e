import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir, waitFor } from '@scholar/runtime/testing';
import { A8StandIn, answers, confirm, refuses } from '../testing/a8-stand-in.ts';
import {
  newUser,
  startForwarder,
  stopForwarder,
  stopForwarders,
  type TestForwarder,
} from '../testing/start-forwarder.ts';

let a8: A8StandIn;

beforeEach(async () => {
  a8 = await new A8StandIn().start();
});

afterEach(async () => {
  await stopForwarders();
  await a8.stop();
});

async function postMany(to: TestForwarder, count: number): Promise<string[]> {
  const posted = await Promise.all(
    Array.from({ length: count }, (_, i) => to.post({ body: newUser(`${i}`) })),
  );
  expect(posted.map(({ status }) => status)).toEqual(posted.map(() => 202));
  return posted.map(({ id }) => id).sort();
}

const drained = (of: TestForwarder) =>
  waitFor(() => of.forwarder.status().queue.depth === 0, { timeoutMs: 15_000 });
const storedIds = () => [...a8.stored.keys()].sort();

describe('while A8 is away', () => {
  test('events are taken, A8 is asked by one probe at a time, and afterwards it has exactly these', async () => {
    await a8.stop();
    const to = await startForwarder({ url: a8.url });
    const ids = await postMany(to, 300);
    await waitFor(() => to.forwarder.status().state === 'retrying');
    expect(to.forwarder.status().queue).toMatchObject({ depth: 300 });
    expect(to.forwarder.status().queue.in_flight).toBeLessThanOrEqual(1);
    expect((await to.forwarder.health.ready()).ready).toBe(true);
    await a8.start();
    await drained(to);
    expect(storedIds()).toEqual(ids);
    expect(to.forwarder.status().state).toBe('idle');
  });

  test('what was taken survives a stop and goes out after the next start', async () => {
    await a8.stop();
    const before = await startForwarder({ url: a8.url });
    const ids = await postMany(before, 20);
    expect(await stopForwarder(before.forwarder)).toEqual({ delivered: 0, left: 20 });
    await a8.start();
    const after = await startForwarder({ url: a8.url, dir: before.dir });
    await drained(after);
    expect(storedIds()).toEqual(ids);
  });

  test('a stop delivers what it can', async () => {
    const to = await startForwarder({ url: a8.url });
    const ids = await postMany(to, 100);
    await stopForwarder(to.forwarder);
    expect(storedIds()).toEqual(ids);
    expect([...a8.stored.values()].every((times) => times === 1)).toBe(true);
  });

  test('one event that A8 keeps failing does not stop the others', async () => {
    const to = await startForwarder({ url: a8.url });
    const { id: poison } = await to.post({ body: newUser('poison') });
    a8.behaviour = confirm;
    await drained(to);
    a8.stored.clear();
    a8.behaviour = (received, response) =>
      (received.body.includes('"bad"') ? answers(500) : confirm)(received, response);
    const { id: bad } = await to.post({ body: newUser('bad') });
    const ids = await postMany(to, 50);
    await waitFor(() => to.forwarder.status().queue.depth === 1);
    const good = [...new Set(a8.ids)].filter((id) => id !== bad && id !== poison).sort();
    expect(good).toEqual(ids);
    a8.behaviour = confirm;
    await drained(to);
    expect(a8.stored.has(bad)).toBe(true);
  });
});

describe('key and address in files', () => {
  test('without a key it starts, accepts and holds no_key; the file written, it drains without a restart', async () => {
    const keyFile = join(await tempDir('secrets'), 'A8_KEY');
    const to = await startForwarder({ url: a8.url, keyFile });
    const ids = await postMany(to, 5);
    expect(to.forwarder.status().hold?.reason).toBe('no_key');
    expect(to.forwarder.running()).toMatchObject({
      missing: ['A8_KEY'],
      sends_authorization: false,
      endpoint: `${a8.url}/events`,
      findings: [],
    });
    await writeFile(keyFile, 'fresh-key\n');
    await drained(to);
    expect(storedIds()).toEqual(ids);
    expect(a8.received[0]?.headers.authorization).toBe('Bearer fresh-key');
    expect(to.forwarder.running()).toMatchObject({
      missing: [],
      sends_authorization: true,
      endpoint: `${a8.url}/events`,
    });
  });

  test('a wrong key holds; corrected, it is tried at once, not at the next slow probe', async () => {
    const keyFile = join(await tempDir('secrets'), 'A8_KEY');
    await writeFile(keyFile, 'wrong');
    a8.behaviour = (received, response) =>
      (received.headers.authorization === 'Bearer right' ? confirm : refuses('unauthorized'))(
        received,
        response,
      );
    const to = await startForwarder({ url: a8.url, keyFile, pacing: { holdProbeMs: 3_600_000 } });
    const ids = await postMany(to, 20);
    await waitFor(() => to.forwarder.status().hold?.reason === 'unauthorized');
    await writeFile(keyFile, 'right');
    await drained(to);
    expect(
      a8.received
        .filter(({ headers }) => headers.authorization === 'Bearer right')
        .map(({ id }) => id)
        .sort(),
    ).toEqual(ids);
  });

  test('without an address it holds no_url; a changed address is used at once, also when the old one was dead', async () => {
    const urlFile = join(await tempDir('secrets'), 'A8_URL');
    const to = await startForwarder({ urlFile });
    const ids = await postMany(to, 3);
    expect(to.forwarder.status().hold?.reason).toBe('no_url');
    expect(to.forwarder.running()).toMatchObject({ missing: ['A8_URL'], endpoint: null });
    await writeFile(urlFile, 'a8:4108');
    await waitFor(() => to.forwarder.running().findings?.length === 1);
    expect(to.forwarder.running().findings).toEqual(['A8_URL is not an http(s) URL.']);
    await writeFile(urlFile, 'http://127.0.0.1:1');
    await waitFor(() => to.forwarder.status().state === 'retrying');
    await writeFile(urlFile, a8.url);
    await drained(to);
    expect(storedIds()).toEqual(ids);
  });

  test('a key that is taken away holds again', async () => {
    const keyFile = join(await tempDir('secrets'), 'A8_KEY');
    await writeFile(keyFile, 'key');
    const to = await startForwarder({ url: a8.url, keyFile });
    await rm(keyFile);
    await waitFor(() => to.forwarder.status().hold?.reason === 'no_key');
    const ids = await postMany(to, 2);
    await writeFile(keyFile, 'key');
    await drained(to);
    expect(storedIds()).toEqual(ids);
  });
});
