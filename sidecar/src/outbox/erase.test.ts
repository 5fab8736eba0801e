import type { Outbox } from './api.ts';
import type { Eraser, Erasure } from './erase-api.ts';
import { OutboxFailed } from './errors.ts';
import { verifyOutbox } from './offline.ts';
import { conserves } from './stats.ts';
import { DIR, eventOf, idOf, noteOf, OutboxBench, queuedBodies } from './testing/outbox-bench.ts';

const PROBLEM = { class: 'contract' as const, problem: { code: 'contract_violation', status: 422 } };
const ERASED = '{"erased":1}';

/** Events of these tests are `{"ada":n}` or of somebody else. */
const ada: Eraser = {
  mayConcern: (bytes) => bytes.includes('ada'),
  concerns: (body) => body.includes('ada'),
  erased: () => Buffer.from(ERASED),
};
const ofAda = (n: number) => eventOf(n, `{"ada":${n},"of":"her"}`);
const padded = (n: number) => ERASED.padEnd(ofAda(n).body.length);

let bench: OutboxBench;
let outbox: Outbox;
beforeEach(async () => {
  bench = new OutboxBench();
  outbox = await bench.open();
});
afterEach(async () => {
  const stats = outbox.stats();
  await outbox.close();
  expect(conserves(stats)).toBe(true);
  expect(stats.totals).toMatchObject({ quarantined: 0, deadMissing: 0 });
});

const erase = (dryRun = false): Promise<Erasure> => outbox.erase(ada, { dryRun });
const bodyOf = async (n: number) => (await outbox.read(idOf(n)))?.body.toString();

/** Every byte of the folder, as it is and as a letter holds it. */
async function folder(): Promise<string> {
  let all = '';
  for (const dir of ['segments', 'settled', 'dead', 'quarantine']) {
    for (const { name } of await bench.disk.attach().readdir(`${DIR}/${dir}`)) {
      const bytes = await bench.disk.attach().readFile(`${DIR}/${dir}/${name}`);
      const letter = /"body_base64": "([^"]*)"/.exec(bytes.toString())?.[1] ?? '';
      all += bytes.toString('latin1') + Buffer.from(letter, 'base64').toString('latin1');
    }
  }
  return all;
}

/** One owed (1), one delivered (2), one dead (3), one discarded (4); and somebody else's (5). */
async function oneOfEach(): Promise<void> {
  const trace = { traceparent: '00-abcdef-1234-01' };
  for (const n of [1, 2, 3, 4]) {
    const event = ofAda(n);
    await outbox.append({ ...event, headers: { ...event.headers, ...trace } });
  }
  await outbox.append(eventOf(5));
  outbox.takeNew(9);
  outbox.settle(idOf(2), noteOf(1));
  await outbox.bury(idOf(3), PROBLEM);
  await outbox.discard(idOf(4));
  outbox.release([idOf(1), idOf(5)]);
}

test('nothing of the actor is left in any file, everybody else is untouched, and every event counts as before', async () => {
  await oneOfEach();
  const before = outbox.stats();
  expect(await folder()).toMatch(/ada[\s\S]*abcdef/);
  expect(await erase()).toMatchObject({
    queued: 1,
    delivered: 1,
    other: 2,
    dead_letters: 1,
    emptied: 0,
    segments: 1,
  });
  expect(await folder()).not.toMatch(/ada|abcdef/);
  const after = outbox.stats();
  expect([after.depth, after.totals, after.dead]).toEqual([before.depth, before.totals, before.dead]);
  expect(await queuedBodies(outbox)).toEqual([padded(1), '{"n":5}']);
  expect((await outbox.deadLetter(idOf(3)))?.body.toString()).toBe(padded(3));
  expect(await outbox.get(idOf(2))).toMatchObject({ state: 'delivered', delivery: { requestId: 'req-1' } });
  await outbox.close();
  expect(await verifyOutbox(DIR, { disk: bench.disk.attach() })).toMatchObject({ ok: true });
  outbox = await bench.open();
  expect(await queuedBodies(outbox)).toEqual([padded(1), '{"n":5}']);
  expect(outbox.stats().totals).toEqual(before.totals);
});

test('a replay of an erased event sends what is left of it', async () => {
  await oneOfEach();
  await erase();
  await outbox.replay(idOf(2));
  await outbox.replay(idOf(3));
  expect((await queuedBodies(outbox)).sort()).toEqual([padded(1), padded(2), padded(3), '{"n":5}'].sort());
});

test('a dry run counts the same and changes nothing; a second erasure finds nothing', async () => {
  await oneOfEach();
  const before = await folder();
  const counted = await erase(true);
  expect(await folder()).toBe(before);
  expect(await erase()).toEqual(counted);
  expect(await erase()).toMatchObject({ queued: 0, delivered: 0, other: 0, dead_letters: 0, segments: 0 });
});

test('what delivery holds in memory is erased, too: fresh, on its way, and what is buried after', async () => {
  for (const n of [1, 2, 3]) await outbox.append(ofAda(n));
  const [leased] = outbox.takeNew(1);
  await erase();
  expect(leased?.body.toString()).toBe(padded(1));
  await outbox.bury(idOf(1), PROBLEM);
  expect(outbox.takeNew(2).map(({ body }) => body.toString())).toEqual([padded(2), padded(3)]);
  expect(await folder()).not.toContain('ada');
});

test('a backlog that is being read while its segment is replaced hands out what is there then', async () => {
  for (const n of [1, 2, 3]) await outbox.append(ofAda(n));
  await outbox.close();
  outbox = await bench.open();
  const [taken] = await Promise.all([outbox.takeBacklog(3), erase()]);
  expect(taken.map(({ body }) => body.toString())).toEqual([padded(1), padded(2), padded(3)]);
});

test('where no event fits, the record is emptied; one that was owed is discarded, and counted so', async () => {
  await outbox.append(eventOf(1, '"ada"'));
  await outbox.append(eventOf(2, '"ada"'));
  outbox.takeNew(1);
  outbox.settle(idOf(1), noteOf(1));
  expect(await erase()).toMatchObject({ queued: 1, delivered: 1, emptied: 2, discarded: 1 });
  expect(outbox.stats()).toMatchObject({ depth: 0, totals: { appended: 2, delivered: 1, discarded: 1 } });
  expect(await bodyOf(1)).toBe('{}   ');
  expect(await folder()).not.toContain('ada');
});

test('events that come while it goes on are kept', async () => {
  await oneOfEach();
  const [, later] = await Promise.all([erase(), outbox.append(eventOf(6))]);
  expect(later).toMatchObject({ outcome: 'appended' });
  await outbox.append(eventOf(7));
  expect(await queuedBodies(outbox)).toEqual([padded(1), '{"n":5}', '{"n":6}', '{"n":7}']);
});

test.each(Array.from({ length: 12 }, (_, turns) => turns * 4))(
  'a power cut %i turns into an erasure leaves every event, and the next erasure completes it',
  async (turns) => {
    await oneOfEach();
    await outbox.close();
    outbox = await bench.open();
    const { totals, depth } = outbox.stats();
    // Its calls never return: whoever waited for it died with it.
    void erase().catch(() => undefined);
    for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    bench.disk.crash();
    outbox = await bench.open();
    expect(outbox.stats()).toMatchObject({ totals, depth, missingSegments: [], orphans: [] });
    await erase();
    expect(await folder()).not.toMatch(/ada|\.tmp/);
    expect(await queuedBodies(outbox)).toEqual([padded(1), '{"n":5}']);
  },
);

test.each(['write', 'sync', 'rename', 'syncDir'] as const)(
  'a disk that fails a %s fails the erasure and loses nothing; the next one completes it',
  async (call) => {
    await oneOfEach();
    await outbox.close();
    outbox = await bench.open();
    let left = 1;
    const once = <T>(path: string, failure: T): T | undefined =>
      path.includes('/segments') && !path.includes('.idx') && left-- > 0 ? failure : undefined;
    if (call === 'write') bench.disk.faults.write = (path) => once(path, { code: 'ENOSPC', written: 9 });
    else bench.disk.faults[call] = (path: string) => once(path, 'EIO');
    await expect(erase()).rejects.toThrow(OutboxFailed);
    expect(left).toBeLessThan(1);
    bench.disk.faults = {};
    expect(await queuedBodies(outbox)).toHaveLength(2);
    await erase();
    expect(await folder()).not.toMatch(/ada|\.tmp/);
    expect(await queuedBodies(outbox)).toEqual([padded(1), '{"n":5}']);
  },
);
