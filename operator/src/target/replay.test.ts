import { type AskControl, replay, replayToRows } from './replay.ts';
import type { StoredRow } from './target.ts';

/** A forwarder that keeps some events, and an A8 that stores what it was sent after so many looks. */
function system({ kept, after, taken = kept }: { kept: string[]; after: number; taken?: string[] }) {
  const sent = new Set<string>();
  let nowMs = 0;
  let looks = 0;
  const forwarder: AskControl = async ({ path }) => {
    const id = path.split('/')[2] ?? '';
    if (!kept.includes(id)) return { status: 404, body: '', headers: {}, tookMs: 1 };
    sent.add(id);
    return { status: 202, body: '', headers: {}, tookMs: 1 };
  };
  const proof = {
    readRows: async (ids: readonly string[]) => {
      looks += 1;
      const there = looks > after ? ids.filter((id) => sent.has(id) && taken.includes(id)) : [];
      return there.map((event_id) => ({ event_id }) as StoredRow);
    },
    clock: {
      monotonic: () => nowMs,
      sleep: async (ms: number) => {
        nowMs += ms;
      },
    },
  };
  return {
    proof,
    sent,
    of: { label: 'scholar_auth' as const, forwarders: [forwarder] },
    waited: () => nowMs,
  };
}

test('what was sent again is told as done only when each event was read back as a row', async () => {
  const { of, proof, waited } = system({ kept: ['a', 'b'], after: 5 });
  await expect(replayToRows(of, ['a', 'b'], proof)).resolves.toBe(
    'the forwarder of scholar_auth sent 2 events again, and 2 of 2 are rows',
  );
  expect(waited()).toBeGreaterThan(0);
});

test('events that become no rows in time are told by number and id', async () => {
  const { of, proof } = system({ kept: ['a', 'b', 'c'], after: 0, taken: ['b'] });
  await expect(replayToRows(of, ['a', 'b', 'c'], proof)).rejects.toThrow(
    'sends 3 events again, and 2 of them are no rows yet, a among them',
  );
});

test('one that the forwarder keeps no more is told, and the others were sent', async () => {
  const { of, proof, sent } = system({ kept: ['b'], after: 0 });
  await expect(replayToRows(of, ['a', 'b'], proof)).rejects.toThrow(
    'cannot replay 1 of 2 events, a (status 404)',
  );
  expect([...sent]).toEqual(['b']);
});

test('many are under way at once, and each is sent once', async () => {
  const ids = Array.from({ length: 200 }, (_, index) => `id-${index}`);
  const sent: string[] = [];
  let [open, most] = [0, 0];
  const forwarder: AskControl = async ({ path }) => {
    open += 1;
    most = Math.max(most, open);
    await new Promise((resolve) => setImmediate(resolve));
    open -= 1;
    sent.push(path.split('/')[2] ?? '');
    return { status: 202, body: '', headers: {}, tookMs: 1 };
  };
  const of = { label: 'scholar_auth' as const, forwarders: [forwarder] };
  expect(await replay(of, ids)).toBe(200);
  expect(sent.sort()).toEqual(ids.sort());
  expect([most > 1, most <= 16]).toEqual([true, true]);
});
