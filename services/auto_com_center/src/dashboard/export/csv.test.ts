import { csvLine } from './csv.ts';

test('a line is RFC 4180: quotes doubled, commas and breaks inside quotes', () => {
  expect(csvLine(['a', 'b,c', 'say "x"', 'two\nlines', null, undefined, 12, true])).toBe(
    'a,"b,c","say ""x""","two\nlines",,,12,true\r\n',
  );
  expect(csvLine([new Date('2026-11-24T12:00:00Z'), { a: [1] }])).toBe(
    '2026-11-24T12:00:00.000Z,"{""a"":[1]}"\r\n',
  );
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1', '=HYPERLINK("http://x")'])(
  'no spreadsheet computes %j',
  (text) => {
    expect(csvLine([text])).toBe(`"'${text.replaceAll('"', '""')}"\r\n`);
  },
);

test('a number that is negative stays a number', () => {
  expect(csvLine([-5])).toBe('-5\r\n');
});
