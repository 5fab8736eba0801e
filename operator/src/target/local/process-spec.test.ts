import { reaches } from './process-spec.ts';

test.each([
  ['A8_URL', ['app', 'forwarder']],
  ['OUTBOX_MAX_BYTES', ['forwarder']],
  ['EMIT_MODE', ['app']],
  ['DATABASE_URL', ['app']],
] as const)('--set LABEL.%s reaches %j', (key, roles) => {
  expect((['app', 'forwarder'] as const).filter((role) => reaches(role, key))).toEqual(roles);
});
