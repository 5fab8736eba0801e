import { closed } from './api-schemas.ts';

test('unknown fields are refused at every depth: in objects, in lists of them, and in maps of them', () => {
  const object = { type: 'object', properties: { name: { type: 'string' } } };
  const schema = closed({
    type: 'object',
    properties: {
      one: object,
      list: { type: 'array', items: object },
      map: { additionalProperties: object },
    },
  });
  const refusing = { ...object, additionalProperties: false };
  expect(schema).toEqual({
    type: 'object',
    additionalProperties: false,
    properties: {
      one: refusing,
      list: { type: 'array', items: refusing },
      map: { additionalProperties: refusing },
    },
  });
});

test('what keeps unknown fields, and an object without properties, stay open', () => {
  const kept = { properties: { a: {} }, 'x-kubernetes-preserve-unknown-fields': true };
  expect(closed(kept)).toEqual(kept);
  expect(closed({ type: 'object' })).toEqual({ type: 'object' });
});

test('where a number or a text may stand, both are taken', () => {
  const either = { oneOf: [{ type: 'string' }, { type: 'integer' }] };
  expect(closed({ type: 'string', format: 'int-or-string' })).toEqual(either);
  expect(closed({ 'x-kubernetes-int-or-string': true })).toEqual(either);
});
