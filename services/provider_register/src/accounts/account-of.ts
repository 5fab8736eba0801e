import { HEADER, headerText } from '@scholar/contract';
import type { Request, Response } from '@scholar/runtime/http';
import { visitorOf } from '@scholar/runtime/sign-in';
import { type Accounting, type Opened, openAccount } from './open-account.ts';

type Account =
  | Exclude<Opened, { kind: 'ok' }>
  | { kind: 'ok'; userId: string; tokens?: Tokens; passwordLeaked?: boolean };
type Tokens = Extract<Opened, { kind: 'ok' }>['tokens'];

/** The account of who is signed in as a provider, or the one of these credentials, which is made where there is none. */
export async function accountOf(
  deps: Accounting,
  request: Request,
  response: Response,
  credentials: { email: string; password: string },
): Promise<Account> {
  const { principal } = visitorOf(response);
  if (!isProvider(response) || principal === undefined) {
    const caller = { ip: request.ip, canaryToken: headerText(request.headers, HEADER.canary) };
    return openAccount(deps, credentials, caller);
  }
  return { kind: 'ok', userId: principal.subject };
}

/** Whether the account of a provider is signed in. Who is signed in as a student needs an account of another address here. */
export function isProvider(response: Response): boolean {
  const { principal } = visitorOf(response);
  return principal?.kind === 'user' && principal.roles.includes('provider');
}
