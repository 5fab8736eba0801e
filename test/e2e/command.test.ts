import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ERASED_ACTOR, eventHeaders } from '@scholar/contract';
import { removePostgres } from '@scholar/runtime/postgres';
import { waitFor } from '@scholar/runtime/testing';
import { freePortBase, LocalSystem, repositoryRoot, runScholar } from '../harness/local-system.ts';

test.each([
  ['an unknown verb', ['conquer'], 2],
  ['a --set without a value', ['up', '--set', 'scholar_auth'], 2],
  ['a --set of nobody', ['up', '--set', 'nobody.A8_URL=x'], 2],
  ['a port base that is no number', ['up', '--port-base', 'many'], 2],
  ['status where nothing runs', ['status', '--state', '/nonexistent-scholar'], 4],
  ['verify where nothing runs', ['verify', '--state', '/nonexistent-scholar'], 4],
  ['audit where nothing runs', ['audit', '--state', '/nonexistent-scholar', '-o', 'json'], 4],
  ['down where nothing runs', ['down', '--state', '/nonexistent-scholar'], 1],
  ['staff add without an address', ['staff', 'add'], 2],
  ['staff remove of an address', ['staff', 'remove', 'eve@example.org'], 2],
  ['keys that are withdrawn without --yes', ['keys', 'rotate', '--how', 'withdraw'], 2],
  ['keys where nothing runs', ['keys', 'rotate', '--state', '/nonexistent-scholar'], 4],
  ['version', ['version'], 0],
  ['help', ['--help'], 0],
])('%s ends with its documented exit code and a sentence', async (_what, args, code) => {
  const ran = await runScholar(args);
  expect({ code: ran.code, said: (ran.stdout + ran.stderr).length > 5 }).toEqual({ code, said: true });
  expect(ran.stderr).not.toMatch(/^\s+at /m);
});

test.each([[['--detach']], [[]]])(
  'a state folder that cannot be is named with its cause: up %j',
  async (flags) => {
    const ran = await runScholar(['up', ...flags, '--state', join(import.meta.filename, 'state')]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(
      /The state folder .*state cannot be used: .*Likely cause: a part of the path is a file/s,
    );
    expect(ran.stderr).not.toMatch(/^\s+at /m);
  },
);

describe('a system in the foreground', () => {
  test('Ctrl-C ends it in order and leaves no process and no port behind', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'scholar-e2e-'));
    const state = join(folder, 'state');
    const base = await freePortBase();
    const bin = join(repositoryRoot, 'operator', 'bin', 'scholar.js');
    const child = spawn(process.execPath, [bin, 'up', '--state', state, '--port-base', String(base)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    try {
      let said = '';
      child.stderr.on('data', (chunk) => {
        said += chunk;
      });
      await new Promise<void>((resolve, reject) => {
        child.stdout.on('data', (chunk) => {
          said += chunk;
          if (said.includes('Stop with Ctrl-C')) resolve();
        });
        child.once('exit', (code) => reject(new Error(`up ended with ${code}: ${said}`)));
      });
      expect(said).toMatch(/7 of 7 green/);
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGINT');
      expect(await exited).toBe(0);
      await expectNothingLeft(state, base);
    } finally {
      child.kill('SIGKILL');
      await runScholar(['down', '--state', state]);
      await removePostgres(join(state, 'postgres'));
      await rm(folder, { recursive: true, force: true });
    }
  }, 120_000);
});

describe('a detached system', () => {
  let system: LocalSystem;
  beforeAll(async () => {
    system = await LocalSystem.start();
  }, 120_000);
  afterAll(() => system.stop(), 120_000);

  test('a second start of the same folder is refused and says how to go on', async () => {
    const ran = await system.scholar('up', '--detach');
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/runs already.*scholar down/s);
  });

  test('a second system on the same ports is refused, and the message names the ports and the components', async () => {
    const { a8 } = await system.status();
    const base = Number(new URL(a8.url).port) - 8;
    const other = join(system.state, '..', 'other');
    const ran = await runScholar(['up', '--detach', '--state', other, '--port-base', String(base)]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(new RegExp(`${base + 8}\\s+wanted by auto_com_center`));
    expect(ran.stderr).toMatch(/--port-base/);
  });

  test('one person is counted first, then erased from A8 and from what a forwarder keeps; their event still counts', async () => {
    const eventId = randomUUID();
    const actor = `user_${eventId}`;
    const { forwarder } = await system.app('scholar_auth');
    const answer = await fetch(`${forwarder.intake}/events`, {
      method: 'POST',
      headers: { ...eventHeaders({ label: 'scholar_auth', eventId }), prefer: 'wait=20' },
      body: JSON.stringify({
        ...{ event_type: 'PageView', occurred_at: new Date().toISOString(), actor_id: actor },
        ...{ source: `/people/${actor}`, payload: { details: `seen by ${actor}` } },
      }),
    });
    expect(answer.status).toBe(201);
    const outbox = join(system.state, 'outbox', 'scholar_auth', 'segments');
    const named = async () => {
      const segments = (await readdir(outbox)).filter((name) => name.endsWith('.seg'));
      const bytes = await Promise.all(segments.map((name) => readFile(join(outbox, name))));
      return bytes.some((each) => each.includes(actor));
    };
    expect(await named()).toBe(true);
    const counted = await system.scholar('erase', actor, '-o', 'json');
    expect(JSON.parse(counted.stdout)).toMatchObject({ ok: true, dry_run: true, hub: { events: 1 } });
    const erased = await system.scholar('erase', actor, '--yes', '-o', 'json');
    expect({ code: erased.code, ...JSON.parse(erased.stdout) }).toMatchObject({
      ...{ code: 0, ok: true, not_reached: [], hub: { events: 1, finished: true } },
      forwarders: expect.arrayContaining([expect.objectContaining({ label: 'scholar_auth', delivered: 1 })]),
    });
    expect(erased.stdout + erased.stderr).not.toContain(actor);
    expect(await named()).toBe(false);
    const rows = await system.query('SELECT actor_id, payload, erased_at FROM events WHERE event_id = $1', [
      eventId,
    ]);
    expect(rows).toEqual([{ actor_id: ERASED_ACTOR, payload: {}, erased_at: expect.any(Date) }]);
  }, 120_000);

  test('A1 gets a new signing key by a command, which is published at once and signs when it is said to', async () => {
    const { url } = await system.app('scholar_auth');
    const published = async () => {
      const answer = await fetch(`${url}/.well-known/jwks.json`);
      return ((await answer.json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
    };
    const before = await published();
    const ran = await system.scholar('keys', 'rotate', '-o', 'json');
    const { kid, signs_from } = JSON.parse(ran.stdout);
    expect({ code: ran.code, ok: JSON.parse(ran.stdout).ok }).toEqual({ code: 0, ok: true });
    expect(Date.parse(signs_from)).toBeGreaterThan(Date.now() + 15 * 60_000);
    expect((await published()).sort()).toEqual([...before, kid].sort());
    const words = await system.scholar('keys', 'rotate', '--how', 'withdraw', '--yes');
    expect(words.stdout).toMatch(/A1 signs with the key \S+ from .* on\..*within ten minutes/s);
    expect(await published()).toHaveLength(1);
  }, 60_000);

  test('somebody becomes staff by a command, and stops being it; who is none is a refusal', async () => {
    const added = await system.scholar('staff', 'add', 'eve@example.org', '-o', 'json');
    expect({ code: added.code, ...JSON.parse(added.stdout) }).toMatchObject({ code: 0, created: true });
    const { user_id } = JSON.parse(added.stdout);
    const roles = () =>
      system.queryAs('scholar_auth', `SELECT roles FROM users WHERE user_id = '${user_id}'`);
    expect(await roles()).toEqual([{ roles: ['staff'] }]);
    const again = await system.scholar('staff', 'add', 'eve@example.org');
    expect(again.stdout).toContain(`${user_id}, who had an account`);
    expect((await system.scholar('staff', 'remove', user_id)).code).toBe(0);
    expect(await roles()).toEqual([{ roles: ['student'] }]);
    const gone = await system.scholar('staff', 'remove', user_id, '-o', 'json');
    expect([gone.code, JSON.parse(gone.stdout)]).toMatchObject([1, { ok: false, code: 'not_found' }]);
    const none = await system.scholar('staff', 'add', 'nobody');
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('validation_failed')]);
  }, 60_000);

  test('whoever cannot wait and presses Ctrl-C three times leaves nothing behind either', async () => {
    const { a8 } = await system.status();
    const base = Number(new URL(a8.url).port) - 8;
    const supervisor = JSON.parse(await readFile(join(system.state, 'supervisor.json'), 'utf8'));
    // Three of one kind at once may arrive as one.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(supervisor.pid, signal);
    await waitFor(() => nothingListens(base), { timeoutMs: 20_000 });
    expect((await system.scholar('up', '--detach')).code).toBe(0);
  }, 120_000);

  test('when the supervisor is killed, its services end by themselves and `down` ends the rest', async () => {
    const { a8 } = await system.status();
    const base = Number(new URL(a8.url).port) - 8;
    const { default: record } = await import(join(system.state, 'supervisor.json'), {
      with: { type: 'json' },
    });
    process.kill(record.pid, 'SIGKILL');
    expect((await system.scholar('down')).code).toBe(0);
    await expectNothingLeft(system.state, base);
    const again = await system.scholar('up', '--detach');
    expect({ code: again.code, said: again.stderr }).toMatchObject({ code: 0 });
    expect((await system.verify()).ok).toBe(true);
  }, 120_000);
});

async function nothingListens(base: number): Promise<boolean> {
  return (await listeningPorts(base)).length === 0;
}

async function expectNothingLeft(state: string, base: number): Promise<void> {
  expect({ state, ports: await listeningPorts(base) }).toEqual({ state, ports: [] });
}

async function listeningPorts(base: number): Promise<number[]> {
  const listening = await Promise.all(
    Array.from({ length: 70 }, async (_, index) => {
      const port = base + index;
      const answered = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(500) }).then(
        () => true,
        (cause) => cause?.cause?.code !== 'ECONNREFUSED',
      );
      return answered ? [port] : [];
    }),
  );
  return listening.flat();
}
