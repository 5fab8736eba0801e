import { applyPatch, PatchError } from './json-patch.ts';

const event = { event_type: 'NewUser', payload: { details: 'a', list: [1, 2, 3], 'a/b': 1, 'm~n': 2 } };

/** Examples of RFC 6902 appendix A, on an event. */
test.each([
  [[{ op: 'replace', path: '/payload/details', value: 'b' }], '/payload/details', 'b'],
  [[{ op: 'add', path: '/payload/new', value: null }], '/payload/new', null],
  [[{ op: 'add', path: '/payload/list/1', value: 9 }], '/payload/list', [1, 9, 2, 3]],
  [[{ op: 'add', path: '/payload/list/-', value: 4 }], '/payload/list', [1, 2, 3, 4]],
  [[{ op: 'remove', path: '/payload/list/0' }], '/payload/list', [2, 3]],
  [[{ op: 'move', from: '/payload/details', path: '/source' }], '/source', 'a'],
  [[{ op: 'copy', from: '/payload/list', path: '/copy' }], '/copy', [1, 2, 3]],
  [[{ op: 'replace', path: '/payload/a~1b', value: 5 }], '/payload/a~1b', 5],
  [[{ op: 'replace', path: '/payload/m~0n', value: 6 }], '/payload/m~0n', 6],
  [[{ op: 'test', path: '/event_type', value: 'NewUser' }], '/event_type', 'NewUser'],
])('%j', (patch, pointer, expected) => {
  const before = structuredClone(event);
  const after = applyPatch(event, [...patch, { op: 'test', path: pointer, value: expected }]);
  expect(typeof after).toBe('object');
  expect(event).toEqual(before);
});

test('the empty path is the whole document', () => {
  expect(applyPatch(event, [{ op: 'replace', path: '', value: { other: 1 } }])).toEqual({ other: 1 });
});

test('nothing reaches a prototype, and a patch that wants to says so', () => {
  for (const path of ['/__proto__/polluted', '/constructor/prototype/polluted', '/payload/__proto__'])
    expect(() => applyPatch(event, [{ op: 'add', path, value: true }])).toThrow(/is not patched/);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('what is told of a patch that fails holds no value of the event', () => {
  const event = { actor_id: 'ada@example.org', list: [] };
  for (const operation of [
    { op: 'test', path: '/actor_id', value: 'eve@example.org' },
    { op: 'add', path: '/actor_id/x', value: 'eve@example.org' },
    { op: 'polish', path: '/actor_id', value: 'eve@example.org' },
  ])
    expect(() => applyPatch(event, [operation])).toThrow(/^operation 0 of the patch: [^@]*$/);
});

test.each([
  [{}],
  [[{ op: 'replace', path: '/nothing', value: 1 }]],
  [[{ op: 'remove', path: '/payload/list/3' }]],
  [[{ op: 'add', path: '/payload/list/4', value: 1 }]],
  [[{ op: 'add', path: '/payload/list/01', value: 1 }]],
  [[{ op: 'add', path: '/event_type/x', value: 1 }]],
  [[{ op: 'add', path: '/payload/x' }]],
  [[{ op: 'add', path: 'payload', value: 1 }]],
  [[{ op: 'move', from: '/payload', path: '/payload/inside' }]],
  [[{ op: 'test', path: '/payload/details', value: 'z' }]],
  [[{ op: 'polish', path: '/payload' }]],
  [[{ op: 'remove' }]],
  [[null]],
])('%j is refused as a whole', (patch) => {
  const before = structuredClone(event);
  expect(() => applyPatch(event, patch)).toThrow(PatchError);
  expect(event).toEqual(before);
});
