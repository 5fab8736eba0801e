import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir, waitFor } from '@scholar/runtime/testing';
import { A8StandIn, confirm, refuses } from '../testing/a8-stand-in.ts';
import {
  CONTROL_TOKEN,
  newUser,
  startForwarder,
  stopForwarder,
  stopForwarders,
  type TestForwarder,
} from '../testing/start-forwarder.ts';
import { runOutboxCommand } from './run.ts';

let a8: A8StandIn;
let to: TestForwarder;
let running: string[];

beforeEach(async () => {
  a8 = await new A8StandIn().start();
  a8.behaviour = refuses('contract_violation');
  to = await startForwarder({ url: a8.url });
  const tokenFile = join(await tempDir('token'), 'token');
  await writeFile(tokenFile, `${CONTROL_TOKEN}\n`);
  running = ['--intake', to.intakeUrl, '--token-file', tokenFile];
});

afterEach(async () => {
  await stopForwarders();
  await a8.stop();
});

async function deadLetter(details: string): Promise<string> {
  const before = to.forwarder.status().dead.contract;
  const { id } = await to.post({ body: newUser(details) });
  await waitFor(() => to.forwarder.status().dead.contract > before);
  return id;
}

const json = async (...argv: string[]) => {
  const { exitCode, stdout, stderr } = await runOutboxCommand([...argv, '-o', 'json']);
  return { exitCode, stderr, data: stdout === '' ? undefined : JSON.parse(stdout) };
};

describe('through a running forwarder', () => {
  test('list, show, replay, drain', async () => {
    const id = await deadLetter('one');
    expect(await json('list', ...running)).toMatchObject({
      exitCode: 0,
      data: { events: [{ event_id: id, state: 'dead', class: 'contract' }], totals: { dead: 1 } },
    });
    expect((await json('list', 'dead', ...running)).data.events).toMatchObject([{ event_id: id }]);
    expect((await json('list', 'queued', ...running)).data.events).toEqual([]);
    expect(await json('show', id, ...running)).toMatchObject({
      exitCode: 0,
      data: { event_id: id, problem: { code: 'contract_violation' }, body: newUser('one') },
    });
    a8.behaviour = confirm;
    expect(await json('replay', id, ...running)).toMatchObject({ exitCode: 0, data: { event_id: id } });
    expect(await json('drain', ...running)).toMatchObject({
      exitCode: 0,
      data: { left: 0, quarantined: 0 },
    });
    expect([...a8.stored.keys()]).toEqual([id]);
  });

  test('replay --all sends every dead letter again, discard gives one up', async () => {
    const [one, two, three] = [await deadLetter('1'), await deadLetter('2'), await deadLetter('3')];
    expect(await json('discard', two, ...running)).toMatchObject({ exitCode: 0 });
    a8.behaviour = confirm;
    expect((await json('replay', '--all', ...running)).data.replayed.sort()).toEqual([one, three].sort());
    expect((await json('drain', ...running)).exitCode).toBe(0);
    expect([...a8.stored.keys()].sort()).toEqual([one, three].sort());
  });

  test('replay --with sends a corrected event under a fresh id; an incorrect one is refused with the reason', async () => {
    const id = await deadLetter('wrong');
    const file = join(await tempDir('event'), 'event.json');
    await writeFile(file, '{"event_type":"NewUser"}');
    const refused = await json('replay', id, '--with', file, ...running);
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('422') });
    a8.behaviour = confirm;
    await writeFile(file, newUser('right'));
    const { data } = await json('replay', id, '--with', file, ...running);
    expect(data.event_id).not.toBe(id);
    await waitFor(() => a8.stored.has(data.event_id));
  });

  test('replay --patch sends the old event with a JSON Patch under a fresh id; --dry-run only tells', async () => {
    const id = await deadLetter('wrong');
    const file = join(await tempDir('patch'), 'patch.json');
    const patch = [
      { op: 'test', path: '/payload/details', value: 'wrong' },
      { op: 'replace', path: '/payload/details', value: 'right' },
    ];
    await writeFile(file, JSON.stringify(patch));
    a8.behaviour = confirm;
    const told = await json('replay', id, '--patch', file, '--dry-run', ...running);
    expect(told).toMatchObject({ exitCode: 0, data: { would_replay: id, fresh_id: true } });
    expect(JSON.parse(told.data.body).payload).toEqual({ details: 'right' });
    expect(to.forwarder.status()).toMatchObject({ dead: { contract: 1 }, queue: { depth: 0 } });
    const { data } = await json('replay', id, '--patch', file, ...running);
    await waitFor(() => a8.stored.has(data.event_id));
    expect(a8.received.at(-1)?.body.toString()).toBe(told.data.body);
    expect(to.forwarder.status()).toMatchObject({ dead: { contract: 0 }, totals: { discarded: 1 } });
  });

  test('a patch that does not fit, or makes no valid event, is refused and changes nothing', async () => {
    const id = await deadLetter('one');
    const file = join(await tempDir('patch'), 'patch.json');
    for (const [patch, reason] of [
      ['[{"op":"remove","path":"/payload/nothing"}]', 'there is no /payload/nothing'],
      ['[{"op":"remove","path":"/event_type"}]', 'is refused'],
      ['not json', 'is not JSON'],
    ] as const) {
      await writeFile(file, patch);
      const refused = await json('replay', id, '--patch', file, '--dry-run', ...running);
      expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(reason) });
    }
    expect((await json('replay', '--all', '--dry-run', ...running)).data).toEqual({ would_replay: [id] });
    expect(to.forwarder.status().dead.contract).toBe(1);
  });

  test('drain says what is left and why, with exit code 1', async () => {
    a8.behaviour = refuses('unauthorized');
    await to.post();
    expect(await json('drain', ...running)).toMatchObject({
      exitCode: 1,
      data: { left: 1, state: 'held', hold: { reason: 'unauthorized' } },
    });
  });

  test('a wrong token, or nobody there, is "could not look"', async () => {
    const tokenFile = join(await tempDir('token'), 'token');
    await writeFile(tokenFile, 'wrong');
    expect((await json('list', '--intake', to.intakeUrl, '--token-file', tokenFile)).exitCode).toBe(4);
    expect((await json('list', '--intake', 'http://127.0.0.1:1', '--token-file', tokenFile)).exitCode).toBe(
      4,
    );
    expect((await json('list', '--intake', to.intakeUrl, '--token-file', '/none')).exitCode).toBe(4);
  });
});

describe('in the folder', () => {
  test('list, show and verify work beside the running forwarder', async () => {
    const id = await deadLetter('one');
    expect((await json('list', '--dir', to.dir)).data.events).toMatchObject([
      { event_id: id, state: 'dead' },
    ]);
    expect((await json('show', id, '--dir', to.dir)).data).toMatchObject({
      event_id: id,
      body: newUser('one'),
    });
    expect(await json('verify', '--dir', to.dir)).toMatchObject({
      exitCode: 0,
      data: { ok: true, counts: { dead: 1 } },
    });
    expect((await json('discard', id, '--dir', to.dir)).exitCode).toBe(4);
  });

  test('replay and discard work when no forwarder runs', async () => {
    const [one, two] = [await deadLetter('1'), await deadLetter('2')];
    await stopForwarder(to.forwarder);
    expect((await json('replay', one, '--dir', to.dir)).exitCode).toBe(0);
    expect((await json('discard', two, '--dir', to.dir)).exitCode).toBe(0);
    const { events, totals } = (await json('list', '--dir', to.dir)).data;
    expect(events).toMatchObject([{ event_id: one, state: 'queued' }]);
    expect(totals).toMatchObject({ queued: 1, dead: 0 });
  });

  test('drain delivers from the folder of a forwarder that does not run, and leaves it to one that does', async () => {
    await a8.stop();
    const ids = [(await to.post()).id, (await to.post()).id].sort();
    const keyFile = join(await tempDir('key'), 'A8_KEY');
    await writeFile(keyFile, 'key');
    const itself = ['--dir', to.dir, '--a8-url', a8.url, '--key-file', keyFile];
    expect(await json('drain', ...itself)).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('is in use'),
    });
    await stopForwarder(to.forwarder);
    await a8.start();
    a8.behaviour = confirm;
    expect(await json('drain', ...itself, ...running)).toMatchObject({ exitCode: 0, data: { left: 0 } });
    expect([...a8.stored.keys()].sort()).toEqual(ids);
    expect((await json('list', '--dir', to.dir)).data.totals).toMatchObject({ queued: 0, delivered: 2 });
  });

  test('replay --dry-run looks into the folder, also while the forwarder runs', async () => {
    const id = await deadLetter('one');
    expect(await json('replay', id, '--dry-run', '--dir', to.dir)).toMatchObject({
      exitCode: 0,
      data: { would_replay: id, fresh_id: false, body: newUser('one') },
    });
  });

  test('with both, the forwarder is asked while it runs, and the folder when it does not', async () => {
    const id = await deadLetter('one');
    expect((await json('discard', id, '--dir', to.dir, ...running)).exitCode).toBe(0);
    const other = await deadLetter('other');
    await stopForwarder(to.forwarder);
    expect((await json('list', '--dir', to.dir, ...running)).data.events).toMatchObject([
      { event_id: other },
    ]);
    expect((await json('replay', other, '--dir', to.dir, ...running)).exitCode).toBe(0);
  });

  test('a table for people names every event and the totals', async () => {
    const id = await deadLetter('one');
    const { stdout } = await runOutboxCommand(['list', '--dir', to.dir]);
    expect(stdout).toContain(`${id}  dead (contract)`);
    expect((await runOutboxCommand(['show', id, '--dir', to.dir])).stdout).toContain(
      'x-app-label: scholar_auth',
    );
    expect((await runOutboxCommand(['verify', '--dir', to.dir])).stdout).toContain('every record is sound');
  });

  test('a folder that is not there is "could not look", never "all is well"', async () => {
    for (const verb of ['list', 'verify']) expect((await json(verb, '--dir', '/none')).exitCode).toBe(4);
  });

  test('an unknown event is exit code 1', async () => {
    const id = '7b0d3a52-5f3c-4a44-9d50-0d2f6c1c0f10';
    expect((await json('show', id, '--dir', to.dir)).exitCode).toBe(1);
    expect((await json('show', id, ...running)).exitCode).toBe(1);
  });
});

test.each([
  [[]],
  [['polish', '--dir', 'x']],
  [['list']],
  [['show', '--dir', 'x']],
  [['list', 'dead', 'queued', '--dir', 'x']],
  [['list', 'odd', '--dir', 'x']],
  [['list', '--dir', 'x', '--limit', '0']],
  [['list', '--dir', 'x', '-o', 'yaml']],
  [['drain', '--dir', 'x']],
  [['verify', '--intake', 'http://127.0.0.1:1', '--token-file', 'x']],
  [['list', '--intake', 'http://127.0.0.1:1']],
  [['replay', 'id', '--all', '--dir', 'x']],
  [['list', '--unknown', '--dir', 'x']],
  [['show', 'id', '--dry-run', '--dir', 'x']],
  [['replay', 'id', '--with', 'f', '--patch', 'f', '--dir', 'x']],
  [['replay', '--all', '--patch', 'f', '--dir', 'x']],
  [['drain', '--dir', 'x', '--a8-url', 'http://127.0.0.1:1']],
  [['list', '--dir', 'x', '--key-file', 'f']],
])('%j is a usage error: exit code 2 and the usage', async (argv) => {
  const { exitCode, stderr } = await runOutboxCommand(argv);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('usage: scholar outbox');
});
