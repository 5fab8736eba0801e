import type { Principal } from '@scholar/runtime/auth';

/** The actor_id of work that a service did on its own account. */
export const SYSTEM = 'system';

/** For whom the work is done: a user acts for themself, a service for the student it names, else for nobody. */
export function actorOf(principal: Principal, studentId: string | undefined): string {
  if (principal.kind === 'service') return studentId ?? SYSTEM;
  return principal.subject;
}
