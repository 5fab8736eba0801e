import { actorOf, CANARY_PRINCIPAL, SYSTEM } from './index.ts';

test('a user and a canary act for themselves, a service for the student it names or for nobody', () => {
  const service = { subject: 'student_pilot', kind: 'service', roles: ['service'] } as const;
  expect(actorOf({ subject: 'ada', kind: 'user', roles: ['student'] }, 'eve')).toBe('ada');
  expect(actorOf(CANARY_PRINCIPAL, 'eve')).toBe('canary');
  expect(actorOf(service, 'ada')).toBe('ada');
  expect(actorOf(service, undefined)).toBe(SYSTEM);
  expect(actorOf(undefined, undefined)).toBe(SYSTEM);
});
