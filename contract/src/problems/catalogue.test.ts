import { PROBLEM_CODES, PROBLEMS } from './catalogue.ts';
import { parseProblem, problemDocument } from './problem-document.ts';

const EVENT_FAULTS = [400, 409, 413, 415, 422];

test.each(PROBLEM_CODES)(
  '%s: a fault of one event is 400, 409, 413, 415 or 422, and nothing else is',
  (code) => {
    const { status, scope } = PROBLEMS[code];
    expect(EVENT_FAULTS.includes(status)).toBe(scope === 'event');
  },
);

test.each(PROBLEM_CODES)('%s: the document is a problem of the catalogue and says what to do', (code) => {
  const document = problemDocument(code, {
    eventId: 'e',
    pointer: '',
    expected: 'x',
    got: 'y',
    requestId: 'r',
  });
  expect(parseProblem(JSON.parse(JSON.stringify(document)))).toEqual(document);
  expect(document.detail).toBe(PROBLEMS[code].advice);
  expect(PROBLEMS[code].advice).toMatch(/^[A-Z].*\.$/);
});

test('a stranger is no problem document', () => {
  for (const value of [
    null,
    'x',
    {},
    { ...problemDocument('internal'), status: 503 },
    { code: 'internal' },
  ]) {
    expect(parseProblem(value)).toBeUndefined();
  }
});
