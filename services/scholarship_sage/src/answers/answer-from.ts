import { isUnavailable } from '@scholar/runtime/db';
import type { Logger } from '@scholar/runtime/log';
import { type AskModel, MODEL_DOES_NOT_KNOW } from '../llm/ask-model.ts';
import type { Found, Retrieve } from '../retrieval/retrieve.ts';
import { supportFor } from '../retrieval/support.ts';
import { CANNOT_LOOK, type Citation, citationsOf, composeAnswer, I_DO_NOT_KNOW } from './compose.ts';

export type Answered = {
  answer: string;
  citations: Citation[];
  /** Whether passages support it; without support the answer says that it does not know. */
  supported: boolean;
  provider: 'extractive' | 'llm';
  /** False when the passages could not be searched. */
  success: boolean;
};

export type AnswerFrom = (question: string, options: { mayAskModel: boolean }) => Promise<Answered>;

/**
 * Retrieves, then words an answer: by the model where there is one, else from the passages themselves. The model is
 * never asked without passages, and its failure costs nothing but its time.
 * @throws what the driver throws while the database is away.
 */
export function createAnswerFrom(deps: {
  retrieve: Retrieve;
  askModel: AskModel | undefined;
  log: Logger;
  onFailure: (of: 'retrieval' | 'llm') => void;
}): AnswerFrom {
  let searchFails = false;

  async function search(question: string): Promise<Found[] | undefined> {
    try {
      const found = supportFor(await deps.retrieve(question));
      searchFails = false;
      return found;
    } catch (err) {
      if (isUnavailable(err)) throw err;
      deps.onFailure('retrieval');
      if (!searchFails) deps.log.warn({ code: codeOf(err) }, 'the passages could not be searched');
      searchFails = true;
      return undefined;
    }
  }

  let modelAway = false;

  async function word(question: string, support: readonly Found[]): Promise<string | undefined> {
    try {
      const worded = await deps.askModel?.(question, support);
      modelAway = false;
      return worded;
    } catch (err) {
      deps.onFailure('llm');
      // Once per outage; and only the code: the error of an HTTP client carries the request, and that the question.
      if (!modelAway)
        deps.log.warn({ code: codeOf(err) }, 'LLM_URL gives no answers; they are made without it');
      modelAway = true;
      return undefined;
    }
  }

  return async (question, { mayAskModel }) => {
    const support = await search(question);
    if (support === undefined) return unsupported(CANNOT_LOOK, { success: false });
    if (support.length === 0) return unsupported(I_DO_NOT_KNOW, { success: true });
    const worded = mayAskModel ? await word(question, support) : undefined;
    if (worded?.startsWith(MODEL_DOES_NOT_KNOW)) {
      return { ...unsupported(I_DO_NOT_KNOW, { success: true }), provider: 'llm' };
    }
    return {
      answer: worded ?? composeAnswer(support),
      citations: citationsOf(support),
      supported: true,
      provider: worded === undefined ? 'extractive' : 'llm',
      success: true,
    };
  };
}

function unsupported(answer: string, { success }: { success: boolean }): Answered {
  return { answer, citations: [], supported: false, provider: 'extractive', success };
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown';
}
