import fc from 'fast-check';
import { linesOf } from './lines-of.ts';

async function collected(chunks: readonly Uint8Array[]): Promise<string[]> {
  async function* bytes() {
    yield* chunks;
  }
  const lines: string[] = [];
  for await (const line of linesOf(bytes())) lines.push(line);
  return lines;
}

test('however the network cuts them, lines arrive whole, and a cut-off end does not arrive', async () => {
  const line = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\n'));
  await fc.assert(
    fc.asyncProperty(fc.array(line), line, fc.array(fc.nat()), async (lines, rest, cuts) => {
      const whole = Buffer.from(lines.map((each) => `${each}\n`).join('') + rest);
      const at = [0, ...cuts.map((cut) => cut % (whole.length + 1)).sort((a, b) => a - b), whole.length];
      const chunks = at.slice(1).map((end, index) => whole.subarray(at[index], end));
      expect(await collected(chunks)).toEqual(lines);
    }),
  );
});
