import { bearerToken, eventHeaders, headerText } from './headers.ts';

test('an event on its way to the forwarder carries no key, on its way to A8 it does', () => {
  expect(eventHeaders({ label: 'scholar_auth', eventId: 'id' })).toEqual({
    'content-type': 'application/json',
    'x-scholar-protocol': 'v3.5.1',
    'x-app-label': 'scholar_auth',
    'x-event-id': 'id',
  });
  const all = { label: 'l', eventId: 'e', key: 'k', canary: 'c', traceparent: 't', forwarderId: 'f' };
  expect(eventHeaders(all)).toMatchObject({
    authorization: 'Bearer k',
    'x-scholar-canary': 'c',
    traceparent: 't',
    'x-forwarder-id': 'f',
  });
});

test('a header that was sent twice is one text with a comma, as in RFC 9110', () => {
  expect(headerText({ a: ['x', 'y'] }, 'a')).toBe('x, y');
  expect(headerText({ a: [' x '] }, 'a')).toBe('x');
  expect(headerText({}, 'a')).toBeUndefined();
});

test.each([
  ['Bearer abc', 'abc'],
  ['bearer  abc', 'abc'],
  ['Bearer', undefined],
  ['Bearer a b', undefined],
  ['Bearer a, Bearer b', undefined],
  ['Basic abc', undefined],
  [undefined, undefined],
])('the token of %p is %p', (authorization, token) => {
  expect(bearerToken({ authorization })).toBe(token);
});
