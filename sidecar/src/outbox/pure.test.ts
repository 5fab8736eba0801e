import fc from 'fast-check';
import { Catalogue } from './catalogue.ts';
import { canonicalEventId, readEventId, writeEventId } from './event-id.ts';
import { decodeRecord, encodeRecord, RECORD_KIND, validRecordAt } from './format.ts';
import { decodeHeaders, encodeHeaders } from './header-block.ts';
import { addToRanges, inRanges } from './ledger.ts';
import { segmentsToDrop } from './retention.ts';
import { STATE } from './segment.ts';
import { idOf } from './testing/outbox-bench.ts';

const name = fc
  .stringMatching(/^[a-z0-9-]{1,20}$/)
  .filter((text) => !/^(authorization|proxy-authorization|cookie|set-cookie|__proto__)$/.test(text));
const value = fc.stringMatching(/^[ -~]{0,40}$/);
const place = { segmentId: 3, offset: 64 };

test('any headers come back as they were, in their order, and the usual ones take a byte each', () => {
  fc.assert(
    fc.property(fc.dictionary(name, value), (headers) => {
      const plain = { 'x-app-label': 'scholar_auth', 'x-event-id': idOf(1), 'x-request-id': 'é', ...headers };
      expect(Object.entries(decodeHeaders(encodeHeaders(plain, idOf(1)), idOf(1)))).toEqual(
        Object.entries(plain),
      );
    }),
  );
  const usual = {
    'content-type': 'application/json',
    'x-scholar-protocol': 'v3.5.1',
    'x-app-label': 'student_pilot',
    'x-event-id': idOf(1),
  };
  expect(encodeHeaders(usual, idOf(1)).length).toBe(4);
});

test.each(['a\nb', 'a\r', '\u0000', '☃'])('a header value that cannot be sent is refused: %j', (bad) => {
  expect(() => encodeHeaders({ 'x-a': bad }, idOf(1))).toThrow(TypeError);
});

test('any record comes back, at its own place only', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(2 ** 48 - 1), (body, sequence) => {
      const record = {
        kind: RECORD_KIND.accepted,
        sequence,
        acceptedAt: 1e12,
        eventId: idOf(5),
        headerBlock: Buffer.of(64),
        body: Buffer.from(body),
      };
      const bytes = Buffer.alloc(400);
      const length = encodeRecord(bytes, 7, { ...record, place });
      expect(validRecordAt(bytes, 7, place)).toBe(length);
      expect(validRecordAt(bytes, 7, { ...place, offset: 65 })).toBe(0);
      expect(validRecordAt(bytes, 7, { ...place, segmentId: 4 })).toBe(0);
      expect(decodeRecord(bytes, 7)).toMatchObject({ sequence, eventId: idOf(5), body: Buffer.from(body) });
    }),
  );
});

test('ids are folded to lower case and anything that is not a uuid is refused', () => {
  const bytes = Buffer.alloc(16);
  writeEventId(bytes, 0, canonicalEventId(idOf(0xabcdef).toUpperCase()));
  expect(readEventId(bytes, 0)).toBe(idOf(0xabcdef));
  expect(() => canonicalEventId('zzz')).toThrow(TypeError);
});

test('the id table finds each of 20000 events among dropped segments, in less than 20 bytes each', () => {
  const catalogue = new Catalogue(7);
  const id = Buffer.alloc(16);
  for (let s = 0; s < 20; s += 1) {
    const segment = catalogue.open({ id: s + 1, createdAt: 0, previousSegment: s, lastSequence: 0 });
    for (let i = 0; i < 2000; i += 1) {
      writeEventId(id, 0, idOf(s * 2000 + i));
      catalogue.add(segment, {
        offset: 64 + i * 50,
        end: 114 + i * 50,
        acceptedAt: 5,
        replayed: false,
        ids: id,
        idAt: 0,
      });
    }
    if (s >= 10) {
      const old = catalogue.segments[0];
      if (old !== undefined) catalogue.drop(old);
    }
  }
  for (let n = 0; n < 40_000; n += 7) {
    writeEventId(id, 0, idOf(n));
    const found = catalogue.candidates(id).map(({ segment, index }) => (segment.id - 1) * 2000 + index);
    if (n >= 20_000) expect(found).toContain(n);
    else expect(found).not.toContain(n);
  }
  expect(catalogue.count(STATE.queued)).toBe(20_000);
});

test('ranges of dropped segments join up', () => {
  const ranges = [5, 1, 2, 9, 3, 4, 4].reduce<[number, number][]>((all, id) => addToRanges(all, id), []);
  expect(ranges).toEqual([
    [1, 5],
    [9, 9],
  ]);
  expect([inRanges(ranges, 3), inRanges(ranges, 6)]).toEqual([true, false]);
});

describe('segments are dropped', () => {
  const segments = [1, 2, 3, 4].map((id) => ({
    id,
    bytes: 100,
    sealed: true,
    settledAt: (id * 10) as number | undefined,
  }));
  const base = { segments, now: 50, retainMs: 1000, retainBytes: 1000, needBytes: 0 };
  test.each([
    ['none while there is room and time', {}, []],
    ['those past their time', { retainMs: 30 }, [1, 2]],
    ['the oldest beyond the byte cap', { retainBytes: 250 }, [1, 2]],
    ['as many as are needed before an event would be refused', { needBytes: 101 }, [1, 2]],
    [
      'never one that owes a delivery, nor the open one',
      {
        retainMs: 0,
        segments: segments.map((s) => ({ ...s, settledAt: s.id === 2 ? undefined : 1, sealed: s.id !== 3 })),
      },
      [1, 4],
    ],
  ])('%s', (_, change, expected) => {
    expect(segmentsToDrop({ ...base, ...change })).toEqual(expected);
  });
});
