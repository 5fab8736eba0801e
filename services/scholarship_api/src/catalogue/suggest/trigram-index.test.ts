import fc from 'fast-check';
import { createTrigramIndex } from './trigram-index.ts';

function indexOf(...words: string[]) {
  const index = createTrigramIndex();
  for (const word of words) index.add(word);
  return index;
}

test.each([
  ['nursng', 'nursing'],
  ['nrusing', 'nursing'],
  ['enginering', 'engineering'],
  ['sholarship', 'scholarship'],
  ['bilogy', 'biology'],
  ['phisics', 'physics'],
  ['matematics', 'mathematics'],
])('%s is likest %s', (typed, meant) => {
  const index = indexOf(
    ...['law', 'nursing', 'nurture', 'engineering', 'engine', 'scholarship', 'scholar', 'biology'],
    ...['theology', 'physics', 'music', 'mathematics', 'thematic'],
  );
  expect(index.nearest(typed, 1)).toEqual([meant]);
});

test('what is like nothing has nothing, and a word is not like itself', () => {
  expect(indexOf('nursing', 'law').nearest('xyzzyq', 5)).toEqual([]);
  expect(indexOf('nursing').nearest('nursing', 5)).toEqual([]);
});

const words = fc.uniqueArray(fc.stringMatching(/^[a-e]{3,8}$/), { maxLength: 40 });

test('it finds what looking at each word finds, whatever the order in which they came', () => {
  const trigrams = (word: string) => [
    ...new Set(Array.from({ length: word.length + 1 }, (_, i) => `  ${word} `.slice(i, i + 3))),
  ];
  const likeness = (a: string, b: string) => {
    const [one, other] = [trigrams(a), trigrams(b)];
    return one.filter((each) => other.includes(each)).length / new Set([...one, ...other]).size;
  };
  fc.assert(
    fc.property(words, fc.stringMatching(/^[a-e]{3,8}$/), (known, typed) => {
      const expected = known
        .filter((word) => word !== typed && likeness(typed, word) >= 0.3)
        .sort((a, b) => likeness(typed, b) - likeness(typed, a) || (a < b ? -1 : 1))
        .slice(0, 5);
      expect(indexOf(...known).nearest(typed, 5)).toEqual(expected);
      expect(indexOf(...known.toReversed()).nearest(typed, 5)).toEqual(expected);
    }),
  );
});

test('so many words are taken up and no more, and a look at a hundred thousand stays short', () => {
  const few = createTrigramIndex(2);
  for (const word of ['nursing', 'nursery', 'nurse']) few.add(word);
  expect(few.nearest('nurs', 5)).toEqual(['nursery', 'nursing']);
  const index = createTrigramIndex();
  const letters = 'etaoinshrdlucmfw';
  for (let i = 0; i < 120_000; i += 1) {
    const word = [...i.toString(16).padStart(5, '0')]
      .map((digit) => letters[Number.parseInt(digit, 16)])
      .join('');
    index.add(`${word}ing`);
  }
  const since = performance.now();
  const found = index.nearest(`${'taoinshr'.repeat(4)}ing`, 20);
  // Some ten milliseconds on a quiet machine; a hundred times that is another order of work.
  expect(performance.now() - since).toBeLessThan(1_000);
  expect(found.length).toBeLessThanOrEqual(20);
});
