import fc from 'fast-check';
import type { DeliveryNote } from './api.ts';
import { decodeNote, encodeNote } from './receipt-note.ts';

const NOTE: DeliveryNote = {
  requestId: '5f0c6b8e-7a57-4d0b-9a43-0d9f6d6d3b11',
  receivedAt: '2026-11-30T03:34:05.123Z',
  duplicate: false,
  deliveredAt: 1_764_473_645_130,
  writeMs: 6.789,
  retries: 2,
};

test('a receipt takes 36 bytes and comes back word for word', () => {
  expect(encodeNote(NOTE)).toHaveLength(36);
  expect(decodeNote(encodeNote(NOTE))).toEqual(NOTE);
});

test('whatever a receipt says, it comes back: the write time to the microsecond', () => {
  const odd = fc.record({
    requestId: fc.oneof(
      fc.uuid(),
      fc.uuid().map((id) => id.toUpperCase()),
      fc.string(),
    ),
    receivedAt: fc.oneof(
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fc.constantFrom('2026-11-30T03:34:05Z', '2026-11-30T04:34:05.123+01:00', 'yesterday', ''),
    ),
    duplicate: fc.boolean(),
    deliveredAt: fc.nat(2 ** 48 - 1),
    writeMs: fc.double({ min: -1, max: 1e8, noNaN: true }),
    retries: fc.nat(100_000),
  });
  fc.assert(
    fc.property(odd, (note) => {
      const { writeMs, ...rest } = decodeNote(encodeNote(note)) ?? {};
      const { writeMs: given, ...expected } = note;
      expect(rest).toEqual(expected);
      expect(Math.abs((writeMs ?? Number.NaN) - given)).toBeLessThanOrEqual(0.0005001);
    }),
  );
});

test('a receipt that an earlier version wrote is read', () => {
  const { requestId, receivedAt, deliveredAt, writeMs, retries } = NOTE;
  const earlier = JSON.stringify([requestId, receivedAt, 0, deliveredAt, writeMs, retries]);
  expect(decodeNote(Buffer.from(earlier))).toEqual(NOTE);
});

test('no receipt is made of what is none', () => {
  for (const bytes of ['', '{}x', '\x01\x02', '\x02'.repeat(40)])
    expect(decodeNote(Buffer.from(bytes, 'latin1'))).toBeUndefined();
  expect(decodeNote(encodeNote(NOTE).subarray(0, 30))).toBeUndefined();
});
