import { z } from 'zod';
import { askAccounts } from '../../accounts/ask-accounts.ts';
import { UsageError } from '../../target/local/overrides.ts';
import type { Context } from '../context.ts';
import type { ExitCode } from '../exit.ts';
import { givenLine } from '../given-line.ts';
import { openTarget } from '../open-target.ts';
import { tellAnswer } from '../tell-answer.ts';

export const STAFF_VERBS = ['add', 'remove'] as const;
export type StaffVerb = (typeof STAFF_VERBS)[number];

export interface StaffFlags {
  fromFile?: string;
}

const NEEDED: Record<StaffVerb, string> = {
  add: 'staff add needs the e-mail address of one person',
  remove: 'staff remove needs the user id of one person',
};

/** `scholar staff add ADDRESS` and `scholar staff remove USER-ID`. 0 when A1 has done it, 1 when it refused. */
export async function staff(
  context: Context,
  { verb, who }: { verb: StaffVerb; who: string | undefined },
  flags: StaffFlags,
): Promise<ExitCode> {
  const person = await givenLine(who, flags.fromFile, NEEDED[verb]);
  // Before anything is asked: an address in the place of the id would get into logs.
  if (verb === 'remove' && !z.uuid().safeParse(person).success)
    throw new UsageError(`${NEEDED.remove}, as \`staff add\` tells it`);
  const target = await openTarget(context);
  try {
    const accounts = askAccounts(target);
    if (verb === 'remove')
      return tellAnswer(
        context,
        await accounts.removeStaff(person),
        () =>
          'No longer of the staff, and signed out everywhere. A token that is out ends within ten minutes.',
      );
    return tellAnswer(context, await accounts.addStaff(person), admittedText);
  } finally {
    await target.close();
  }
}

function admittedText({ user_id, created }: { user_id: string; created: boolean }): string {
  return created
    ? `Of the staff: ${user_id}, a new account. Its owner is mailed a link with which to choose a password.`
    : `Of the staff: ${user_id}, who had an account. If the address was not proven, its password is gone and its owner is mailed a link to a new one; otherwise the next sign-in has the role.`;
}
