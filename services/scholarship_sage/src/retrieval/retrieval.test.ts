import { questionTerms } from './question-terms.ts';
import type { Found } from './retrieve.ts';
import { supportFor } from './support.ts';

test.each([
  ['How do I write an essay?', ['how', 'do', 'i', 'write', 'an', 'essay']],
  ['Please tell me about the student’s transcript OR transcript', ['me', 'about', 'the', 'transcript']],
  ['"exact phrase" -minus <-> a:* !b | c', ['exact', 'phrase', 'minus', 'a', 'b', 'c']],
  ['scholarship?', ['scholarship']],
  ['¿Qué es la beca?', ['qué', 'es', 'la', 'beca']],
  ['?!', []],
])('the terms of %j are %j', (question, terms) => {
  expect(questionTerms(question)).toEqual(terms);
});

const found = (traits: Partial<Found>): Found => ({
  id: 'guide/a#b',
  kind: 'guide',
  title: 'T',
  body: 'B',
  excerpt: 'E',
  asked: 2,
  covered: 2,
  rank: 0.1,
  ...traits,
});

test.each([
  [1, 1, true],
  [2, 1, false],
  [2, 2, true],
  [3, 2, true],
  [5, 2, false],
  [6, 3, true],
  [0, 0, false],
])('of %d words asked for, %d in the passage: support is %p', (asked, covered, supported) => {
  expect(supportFor([found({ asked, covered })]).length === 1).toBe(supported);
});

test('the passage that says more goes first, then the guide, then the rank; three are enough', () => {
  const all = [
    found({ id: 'scholarships/1', kind: 'scholarship', rank: 0.9 }),
    found({ id: 'guide/low', rank: 0.1 }),
    found({ id: 'guide/high', rank: 0.2 }),
    found({ id: 'scholarships/3', kind: 'scholarship', covered: 3 }),
  ];
  expect(supportFor(all).map(({ id }) => id)).toEqual(['scholarships/3', 'guide/high', 'guide/low']);
});
