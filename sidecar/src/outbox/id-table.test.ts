import fc from 'fast-check';
import { IdTable } from './id-table.ts';

const table = () => new IdTable({ seed: 7, isLive: () => true });

test('ids that differ in any one of their bytes only do not look alike: an append would read a record for each', () => {
  for (let byte = 0; byte < 16; byte += 1) {
    const one = table();
    const ids = Buffer.alloc(256 * 16, 0x41);
    for (let n = 0; n < 256; n += 1) ids[n * 16 + byte] = n;
    const alike = Array.from({ length: 256 }, (_, n) => one.insert(ids, n * 16, n)).filter(Boolean);
    expect(alike).toEqual([]);
  }
});

test('filled at once, at whatever address the ids lie, the table answers as if they had come one by one', () => {
  // Few different ids, so that some come again; an odd place in memory, as in an index file.
  const run = fc.record({ ids: fc.array(fc.nat(40), { maxLength: 30 }), shift: fc.nat(3) });
  fc.assert(
    fc.property(fc.array(run, { maxLength: 5 }), fc.nat(20), (runs, later) => {
      let ordinal = 0xffff_fff0;
      const laid = runs.map(({ ids, shift }) => {
        const bytes = Buffer.alloc(ids.length * 16 + shift).subarray(shift);
        for (const [i, id] of ids.entries()) bytes.writeUInt32BE(id, i * 16 + 4 * (id % 4));
        const firstOrdinal = ordinal;
        ordinal += ids.length;
        return { ids: bytes, firstOrdinal };
      });
      const [atOnce, oneByOne] = [table(), table()];
      const expected: number[] = [];
      for (const { ids, firstOrdinal } of laid) {
        for (let i = 0; i < ids.length / 16; i += 1)
          if (oneByOne.insert(ids, i * 16, firstOrdinal + i)) expected.push(firstOrdinal + i);
      }
      expect(atOnce.fill(laid).sort((a, b) => a - b)).toEqual(expected);
      const all = Buffer.concat(laid.map(({ ids }) => ids));
      for (let at = 0; at < all.length; at += 16)
        expect(atOnce.candidates(all, at)).toEqual(oneByOne.candidates(all, at));
      const more = Buffer.alloc(16);
      more.writeUInt32BE(later, 4 * (later % 4));
      expect(atOnce.insert(more, 0, ordinal)).toBe(oneByOne.insert(more, 0, ordinal));
    }),
  );
});
