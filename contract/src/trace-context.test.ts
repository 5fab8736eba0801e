import { formatTraceparent, parseTraceparent } from './trace-context.ts';

const [TRACE, SPAN] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];

test('what was read is written again as it was, the sampled flag with it', () => {
  for (const flags of ['00', '01']) {
    const header = `00-${TRACE}-${SPAN}-${flags}`;
    const context = parseTraceparent(header);
    expect(context).toEqual({ traceId: TRACE, spanId: SPAN, sampled: flags === '01' });
    expect(context && formatTraceparent(context)).toBe(header);
  }
});

test('flags that version 00 does not know are not passed on, the one that it knows is', () => {
  const context = parseTraceparent(`00-${TRACE}-${SPAN}-ff`);
  expect(context && formatTraceparent(context)).toBe(`00-${TRACE}-${SPAN}-01`);
});

test('of a later version the known parts are read, also where it has more', () => {
  for (const header of [`cc-${TRACE}-${SPAN}-01`, `cc-${TRACE}-${SPAN}-01-what-the-future-will-be-like`])
    expect(parseTraceparent(header)).toEqual({ traceId: TRACE, spanId: SPAN, sampled: true });
});

test.each([
  ['nothing', undefined],
  ['an empty text', ''],
  ['the version that is forbidden', `ff-${TRACE}-${SPAN}-01`],
  ['a trace id of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
  ['a parent id of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
  ['capitals', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
  ['a trace id that is too short', `00-${TRACE.slice(1)}-${SPAN}-01`],
  ['more than version 00 has', `00-${TRACE}-${SPAN}-01-more`],
  ['a later version that goes on without a dash', `cc-${TRACE}-${SPAN}-01.more`],
  ['two headers in one', `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
  ['a text without end', `cc-${TRACE}-${SPAN}-01-${'x'.repeat(1_000)}`],
])('%s is no trace to continue', (_what, header) => {
  expect(parseTraceparent(header)).toBeUndefined();
});
