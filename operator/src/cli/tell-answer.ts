import type { Answer } from '../accounts/ask-accounts.ts';
import type { Context } from './context.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { paint, printJson } from './output.ts';

/** What A1 answered, for programs as it is, for people in words. */
export function tellAnswer<T extends object>(
  { screen, json }: Pick<Context, 'screen' | 'json'>,
  answer: Answer<T>,
  words: (done: T) => string,
): ExitCode {
  if (json) printJson(screen, answer);
  else if (answer.ok) screen.out(words(answer));
  else screen.err(paint(screen, 'bad', `A1 refused (${answer.code}): ${answer.reason}`));
  return answer.ok ? EXIT.ok : EXIT.bad;
}
