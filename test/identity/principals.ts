import { randomUUID } from 'node:crypto';
import { APP_LABELS } from '@scholar/contract';
import { SESSION_COOKIE } from '@scholar/runtime/auth';

/** Who may send a request: nobody, a person by role, each service by its token, and whoever has the operations key. */
export const PRINCIPALS = ['anonymous', 'student', 'provider', 'staff', ...APP_LABELS, 'operations'] as const;
export type Who = (typeof PRINCIPALS)[number];

export const OPERATIONS_KEY = 'operations-key-of-the-tests-0123456789';

const PEOPLE = ['student', 'provider', 'staff'] as const;
type Person = (typeof PEOPLE)[number];

const isPerson = (who: Who): who is Person => PEOPLE.some((role) => role === who);

/** Who makes tokens that the service under test believes. */
export type Minter = {
  userToken(user: { subject: string; roles: readonly string[] }): Promise<string>;
  serviceToken(label: string): Promise<string>;
};

/**
 * The headers by which each of them is known.
 * @param inBrowser people come with the cookie of their session, as to pages; otherwise with their token.
 */
export async function headersOf(
  who: Who,
  { minter, inBrowser }: { minter: Minter; inBrowser: boolean },
): Promise<Record<string, string>> {
  if (who === 'anonymous') return {};
  if (who === 'operations') return { authorization: `Bearer ${OPERATIONS_KEY}` };
  if (!isPerson(who)) return { authorization: `Bearer ${await minter.serviceToken(who)}` };
  const token = await minter.userToken({ subject: randomUUID(), roles: [who] });
  return inBrowser ? { cookie: `${SESSION_COOKIE}=${token}` } : { authorization: `Bearer ${token}` };
}
