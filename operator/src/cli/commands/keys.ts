import { askAccounts, type Rotation } from '../../accounts/ask-accounts.ts';
import { UsageError } from '../../target/local/overrides.ts';
import type { Context } from '../context.ts';
import type { ExitCode } from '../exit.ts';
import { openTarget } from '../open-target.ts';
import { tellAnswer } from '../tell-answer.ts';

export const KEYS_VERBS = ['rotate'] as const;

export interface KeysFlags {
  how: Rotation;
  yes?: boolean;
}

const AFTERWARDS: Record<Rotation, string> = {
  announced: 'Until then the present key signs. Nobody notices.',
  at_once:
    'Tokens of before stay valid until they expire; new ones may be refused for up to 40 seconds, until everybody has read the keys anew.',
  withdraw:
    'Tokens of before are refused within ten minutes. People stay signed in: their next refresh brings a token of the new key.',
};

/** `scholar keys rotate`: A1 makes a new signing key. 0 when it has, 1 when it refused. */
export async function keys(context: Context, _verb: string, { how, yes }: KeysFlags): Promise<ExitCode> {
  if (how === 'withdraw' && yes !== true)
    throw new UsageError(
      '--how withdraw makes every token that is out invalid and cannot be taken back; it needs --yes',
    );
  const target = await openTarget(context);
  try {
    return tellAnswer(
      context,
      await askAccounts(target).rotateKeys(how),
      ({ kid, signs_from }) => `A1 signs with the key ${kid} from ${signs_from} on.\n${AFTERWARDS[how]}`,
    );
  } finally {
    await target.close();
  }
}
