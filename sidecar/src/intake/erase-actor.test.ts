import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ERASED_ACTOR, parseEvent, parseTraceparent } from '@scholar/contract';
import { tempDir, waitFor } from '@scholar/runtime/testing';
import { runOutboxCommand } from '../cli/run.ts';
import { A8StandIn, confirm, refuses } from '../testing/a8-stand-in.ts';
import {
  CONTROL_TOKEN,
  startForwarder,
  stopForwarder,
  stopForwarders,
  type TestForwarder,
} from '../testing/start-forwarder.ts';

const ADA = 'user_ada"lovelace';
let a8: A8StandIn;
let to: TestForwarder;

beforeEach(async () => {
  a8 = await new A8StandIn().start();
});

afterEach(async () => {
  await stopForwarders();
  await a8.stop();
});

const eventOf = (actor_id: string, more = {}): string =>
  JSON.stringify({
    ...{ event_type: 'PaymentSuccess', occurred_at: '2026-01-01T00:00:00Z', actor_id },
    ...{ session_id: `session of ${actor_id}`, source: `/pay/${actor_id}` },
    payload: { amount_cents: 100, currency: 'USD', details: `by ${actor_id}`, ...more },
  });

const erase = (body: object) => to.control('POST', '/erase', JSON.stringify(body));
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

test('an event that is owed is delivered without its content; its app may send it again and hears that it is known', async () => {
  to = await startForwarder({ url: undefined });
  const body = eventOf(ADA);
  const { id } = await to.post({ body, headers: { traceparent } });
  const bob = await to.post({ body: eventOf('user_bob') });
  expect((await erase({ actor_id: ADA, dry_run: true })).body).toMatchObject({ dry_run: true, queued: 1 });
  expect((await erase({ actor_id: ADA })).body).toMatchObject({ dry_run: false, queued: 1, discarded: 0 });
  expect((await to.post({ id, body })).status).toBe(202);
  expect(to.forwarder.status().queue.depth).toBe(2);
  const { dir } = to;
  await stopForwarder(to.forwarder);
  to = await startForwarder({ url: a8.url, dir });
  await waitFor(() => to.forwarder.status().queue.depth === 0);
  const received = new Map(a8.received.map((one) => [one.id, one]));
  const erased = received.get(id);
  expect(parseEvent(JSON.parse(String(erased?.body)))).toEqual({
    ok: true,
    event: {
      ...{
        event_type: 'PaymentSuccess',
        occurred_at: '2026-01-01T00:00:00Z',
        actor_id: ERASED_ACTOR,
        source: '-',
      },
      payload: { amount_cents: 100, currency: 'USD' },
    },
  });
  // Nothing leads from what is erased to the request that caused it; the other one keeps its trace.
  expect(erased?.headers['traceparent']).toBeUndefined();
  expect(parseTraceparent(String(received.get(bob.id)?.headers['traceparent']))).toBeDefined();
  expect(String(received.get(bob.id)?.body)).toBe(eventOf('user_bob'));
});

test('an actor whose id is written with escapes is found, and one who is only mentioned is not erased', async () => {
  to = await startForwarder({ url: undefined });
  const escaped = eventOf('user_eve').replace('"user_eve"', '"user_\\u0065ve"');
  await to.post({ body: escaped });
  await to.post({ body: eventOf('user_bob', { reference: 'user_eve' }) });
  expect((await erase({ actor_id: 'user_eve' })).body).toMatchObject({ queued: 1 });
});

test('without the token nobody erases; what is no order is 400 and says what one is', async () => {
  to = await startForwarder({ url: undefined });
  const answer = await fetch(`${to.intakeUrl}/erase`, { method: 'POST', body: '{"actor_id":"x"}' });
  expect(answer.status).toBe(401);
  for (const wrong of [
    {},
    { actor_id: '' },
    { actor_id: ERASED_ACTOR },
    { actor_id: 'x', dry_run: 1 },
    { actor_id: 'x', all: true },
  ]) {
    expect(await erase(wrong)).toMatchObject({
      status: 400,
      body: { expected: expect.stringContaining('actor_id') },
    });
  }
});

test('the application beside it has an actor erased without a token; a page in a browser does not', async () => {
  to = await startForwarder({ url: undefined });
  await to.post({ body: eventOf(ADA) });
  const body = JSON.stringify({ actor_id: ADA });
  const said = (headers: Record<string, string>) =>
    fetch(`${to.intakeUrl}/erasures`, { method: 'POST', body, headers });
  expect((await said({ origin: 'http://evil.example' })).status).toBe(403);
  expect((await erase({ actor_id: ADA, dry_run: true })).body).toMatchObject({ queued: 1 });
  expect(await (await said({})).json()).toMatchObject({ dry_run: false, queued: 1 });
  expect((await erase({ actor_id: ADA, dry_run: true })).body).toMatchObject({ queued: 0 });
});

test('damaged files are counted where they name the actor, or may, and no more when a person has removed them', async () => {
  to = await startForwarder({ url: undefined });
  const { dir } = to;
  await stopForwarder(to.forwarder);
  await mkdir(join(dir, 'quarantine'), { recursive: true });
  const keep = (n: number, bytes: string) => writeFile(join(dir, 'quarantine', file(n)), bytes);
  const file = (n: number) => `000000000000000${n}-0.bin`;
  await keep(1, 'user_eve');
  await keep(2, '"actor_id":"user_\\u0065ve"');
  await keep(3, 'somebody else, with \\ in the damage');
  to = await startForwarder({ url: undefined, dir });
  expect((await erase({ actor_id: 'user_eve' })).body).toMatchObject({ quarantine_files: 2 });
  expect((await erase({ actor_id: 'user/eve' })).body).toMatchObject({ quarantine_files: 2 });
  for (const n of [1, 2]) await rm(join(dir, 'quarantine', file(n)));
  expect(await erase({ actor_id: 'user_eve' })).toMatchObject({ status: 200, body: { quarantine_files: 0 } });
});

test('the command counts first, erases with --yes, through the forwarder and in the folder of one that is stopped', async () => {
  a8.behaviour = refuses('contract_violation');
  to = await startForwarder({ url: a8.url });
  await to.post({ body: eventOf(ADA) });
  await waitFor(() => to.forwarder.status().dead.contract === 1);
  const tokenFile = join(await tempDir('token'), 'token');
  await writeFile(tokenFile, CONTROL_TOKEN);
  const where = ['--intake', to.intakeUrl, '--token-file', tokenFile, '-o', 'json'];
  const json = async (...argv: string[]) => {
    const { exitCode, stdout } = await runOutboxCommand(argv);
    return { exitCode, data: JSON.parse(stdout) };
  };
  const once = { dry_run: true, queued: 0, other: 1, dead_letters: 1 };
  expect(await json('erase', ADA, ...where)).toMatchObject({ exitCode: 0, data: once });
  const { dir } = to;
  await stopForwarder(to.forwarder);
  const folder = ['--dir', dir, '-o', 'json'];
  expect(await json('erase', ADA, '--yes', ...folder)).toMatchObject({
    exitCode: 0,
    data: { ...once, dry_run: false },
  });
  expect(await json('erase', ADA, ...folder)).toMatchObject({ data: { other: 0, dead_letters: 0 } });
  const letter = await readFile(join(dir, 'dead', (await readdir(join(dir, 'dead')))[0] ?? ''), 'utf8');
  expect(Buffer.from(JSON.parse(letter).body_base64, 'base64').toString()).not.toContain('ada');
  a8.behaviour = confirm;
  expect((await runOutboxCommand(['erase', '--dir', dir])).exitCode).toBe(2);
  expect((await runOutboxCommand(['discard', randomUUID(), '--yes', '--dir', dir])).exitCode).toBe(2);
});
