import { TokenInvalid, type TokenVerifier, VerifierUnavailable } from '@scholar/runtime/auth';
import type { AccountErrors, Accounts, Caller, Credentials, Tokens } from '@scholar/runtime/sign-in';

export const NOT_A_PROVIDER =
  'This account belongs to a student. Use another e-mail address for your organisation.';

export type Opened =
  | { kind: 'ok'; tokens: Tokens; userId: string; passwordLeaked: boolean }
  | { kind: 'refused'; errors: AccountErrors }
  | { kind: 'unavailable' };

export type Accounting = { accounts: Accounts; verifier: TokenVerifier };

/**
 * A session of a provider's account, which is made where there is none: the form sent twice, or again after a fault,
 * finds the account that its first time made.
 */
export async function openAccount(
  deps: Accounting,
  credentials: Credentials,
  caller: Caller,
): Promise<Opened> {
  const made = await deps.accounts.signUp({ ...credentials, role: 'provider' }, caller);
  if (made.kind === 'unavailable') return made;
  if (made.kind === 'refused' && made.errors.email === undefined) return made;
  const session = await signInProvider(deps, credentials, caller);
  // Of a taken address a wrong password tells no more than that it is taken.
  return made.kind === 'refused' && session.kind === 'refused' && session.errors.email === undefined
    ? made
    : session;
}

/** Signs in to an account that is there; those of students are refused. */
export async function signInProvider(
  { accounts, verifier }: Accounting,
  credentials: Credentials,
  caller: Caller,
): Promise<Opened> {
  const outcome = await accounts.logIn(credentials, caller);
  if (outcome.kind !== 'ok') return outcome;
  try {
    const { subject, roles } = await verifier.verify(outcome.tokens.accessToken);
    if (!roles.includes('provider')) return { kind: 'refused', errors: { email: NOT_A_PROVIDER } };
    return { ...outcome, userId: subject };
  } catch (error) {
    // A token that it has just made and that proves nothing is nonsense, not an answer.
    if (error instanceof VerifierUnavailable || error instanceof TokenInvalid) return { kind: 'unavailable' };
    throw error;
  }
}
