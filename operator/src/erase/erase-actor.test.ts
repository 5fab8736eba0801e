import type { AppLabel } from '@scholar/contract';
import { CouldNotLook } from '../could-not-look.ts';
import type { Question, Reply } from '../gather/http-client.ts';
import { eraseActor } from './erase-actor.ts';

const ADA = 'user_ada';
const reply = (status: number, body: unknown): Reply => ({
  ...{ status, headers: {}, tookMs: 1 },
  body: JSON.stringify(body),
});
const KEPT = {
  ...{ queued: 1, delivered: 2, other: 0, dead_letters: 1 },
  ...{ emptied: 0, discarded: 0, segments: 1, quarantine_files: 0 },
};

interface World {
  /** Looks after which A8 is done. */
  looks?: number;
  away?: readonly AppLabel[];
  hubStatus?: number;
  quarantined?: number;
}

/** A8 and the forwarders, as far as an erasure speaks with them; what happened, in order. */
function world({ looks = 2, away = [], hubStatus = 202, quarantined = 0 }: World = {}) {
  const told: string[] = [];
  let left = looks;
  const hub = async ({ url, method = 'GET', json }: Question): Promise<Reply> => {
    const path = url.replace('http://a8/operations/erasures', '');
    told.push(`${method} ${path}`);
    if (hubStatus >= 300) return reply(hubStatus, {});
    if (path === '/preview')
      return 'after' in (json as object)
        ? reply(200, { events: 1, by_app: { scholar_auth: 1 }, next: null })
        : reply(200, { events: 2, by_app: { scholar_auth: 2 }, next: '7-1' });
    if (method === 'GET') left -= 1;
    const finished_at = left <= 0 ? '2026-11-30T00:00:00Z' : null;
    return reply(202, { erasure_id: '5', finished_at, events: 3, refusals: 1 });
  };
  const forwardersOf = async (label: AppLabel) => {
    if (away.includes(label)) throw new Error(`No forwarder of ${label} runs.`);
    const ask = async ({ json }: { json?: unknown }) => {
      const { dry_run } = json as { dry_run: boolean };
      told.push(`${label}${dry_run ? ' dry' : ''}`);
      return reply(200, { ...KEPT, quarantine_files: quarantined });
    };
    return { forwarders: [ask, ask], close: async () => void told.push(`${label} closed`) };
  };
  const target = { ask: hub, hubUrl: 'http://a8', orders: { operationsKey: 'k', forwardersOf } };
  const pause = async () => undefined;
  return { told, run: (yes: boolean) => eraseActor({ target, progress: () => undefined, pause }, ADA, yes) };
}

test('without --yes everything is counted, over all pages and replicas, and nothing is ordered', async () => {
  const { run, told } = world();
  const report = await run(false);
  expect(report).toMatchObject({
    ok: true,
    dry_run: true,
    hub: { events: 3, by_app: { scholar_auth: 3 }, erasure_id: null },
  });
  expect(report.forwarders).toHaveLength(7);
  expect(report.forwarders[0]).toMatchObject({ replicas: 2, queued: 2, delivered: 4, dead_letters: 2 });
  expect(told).not.toContain('POST ');
  expect(told.filter((line) => /^[a-z_]+$/u.test(line))).toEqual([]);
});

test('A8 is told before any forwarder, is waited for, and the forwarders look once more when it is done', async () => {
  const { run, told } = world();
  const report = await run(true);
  expect(report).toMatchObject({
    ok: true,
    dry_run: false,
    hub: { erasure_id: '5', events: 3, refusals: 1, finished: true },
  });
  expect(report.forwarders[0]).toMatchObject({ queued: 4, dead_letters: 4 });
  const order = told.indexOf('POST ');
  const forwarders = told.flatMap((line, at) => (line === 'scholar_auth' ? [at] : []));
  const done = told.lastIndexOf('GET /5');
  expect(forwarders).toHaveLength(4);
  expect([order < (forwarders[0] ?? 0), (forwarders[1] ?? 0) < done, done < (forwarders[2] ?? 0)]).toEqual([
    true,
    true,
    true,
  ]);
  expect(told.filter((line) => line.endsWith('closed'))).toHaveLength(14);
});

test('a forwarder that is not reached is named, the others are erased, and the answer is not good', async () => {
  const { run } = world({ away: ['scholarship_sage'] });
  const report = await run(true);
  expect(report.ok).toBe(false);
  expect(report.not_reached).toEqual([
    { label: 'scholarship_sage', reason: 'No forwarder of scholarship_sage runs.' },
  ]);
  expect(report.forwarders).toHaveLength(6);
});

test('quarantined bytes that may name the actor, and an A8 that does not come to an end, are not good', async () => {
  expect((await world({ quarantined: 1 }).run(false)).ok).toBe(false);
  expect(await world({ looks: 1_000 }).run(true)).toMatchObject({ ok: false, hub: { finished: false } });
});

test('an A8 that refuses is not looked past: no forwarder is told, and the actor is in no message', async () => {
  for (const hubStatus of [401, 404, 422, 503]) {
    const { run, told } = world({ hubStatus });
    const error = await run(true).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CouldNotLook);
    expect(String(error)).not.toContain(ADA);
    expect(told.every((line) => line.startsWith('POST'))).toBe(true);
  }
});

test('no report holds the id of the actor', async () => {
  expect(JSON.stringify(await world().run(true))).not.toContain(ADA);
});
