import { replaceWords, typedWords } from './typed-words.ts';

test.each([
  ['Nursng grants', ['nursng', 'grants']],
  ['énginering für Énginering', ['enginering']],
  ['Łódź Smørrebrød große œuvre Diyarbakır', ['lodz', 'smorrebrod', 'grosse', 'oeuvre', 'diyarbakir']],
  ['-nursng "oak harbour" or pilot', ['harbour', 'pilot']],
  ['a10 b2b mp3player x_y', []],
  ['post-gradute', ['post', 'gradute']],
  ["'; DROP TABLE -- & | ! <->:*", ['drop', 'table']],
  ['x'.repeat(41), []],
])('of %j these words may be misspelt: %j', (q, words) => {
  expect(typedWords(q)).toEqual(words);
});

test('only the words that are named change; quotes, minus, or and everything else stay as they were typed', () => {
  const by = (word: string) => ({ nursng: 'nursing', gradute: 'graduate' })[word];
  expect(replaceWords('"Nursng grants" or post-gradute -nursng 2027', by)).toBe(
    '"nursing grants" or post-graduate -nursng 2027',
  );
});
