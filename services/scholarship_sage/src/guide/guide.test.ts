import { loadGuide } from './load-guide.ts';
import { parseChapter } from './parse-chapter.ts';

test('a chapter becomes one passage per section', () => {
  expect(
    parseChapter('07-money.md', '# Money\n\n## Who pays?\nThe state,\nmostly.\n\nOr you.\n## When\nSoon.\n'),
  ).toEqual([
    { id: 'guide/money#who-pays', title: 'Money: Who pays?', body: 'The state, mostly. Or you.' },
    { id: 'guide/money#when', title: 'Money: When', body: 'Soon.' },
  ]);
});

test.each([
  ['money.md', '# Money\n## Who\nYou.'],
  ['01-money.md', '## Who\nYou.'],
  ['01-money.md', '# Money\nYou.'],
])('a file of another shape is refused by name (%s, %j)', (file, text) => {
  expect(() => parseChapter(file, text)).toThrow(`${file} is no chapter`);
});

test('the guide has twelve chapters, each section cited by a source of its own and short enough to be an answer', async () => {
  const passages = await loadGuide();
  expect(new Set(passages.map(({ id }) => id.split('#')[0])).size).toBe(12);
  expect(new Set(passages.map(({ id }) => id)).size).toBe(passages.length);
  for (const { id, body } of passages)
    expect([id, body.length > 80 && body.length < 700]).toEqual([id, true]);
});
