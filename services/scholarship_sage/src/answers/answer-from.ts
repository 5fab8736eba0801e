import { isUnavailable } from '@scholar/runtime/db';
import type { Logger } from '@scholar/runtime/log';
import type { Found, Retrieve } from '../retrieval/retrieve.ts';
import { supportFor } from '../retrieval/support.ts';
import { CANNOT_LOOK, type Citation, citationsOf, composeAnswer, I_DO_NOT_KNOW } from './compose.ts';
import type { Fallback } from './fallback.ts';
import type { Tell } from './tell.ts';
import type { Asked, WordAnswer } from './word-answer.ts';

export type Answered = {
  answer: string;
  citations: readonly Citation[];
  /** Whether passages support it; without support the answer says that it does not know. */
  supported: boolean;
  provider: 'extractive' | 'llm';
  /** False when the passages could not be searched. */
  success: boolean;
  /** Why no model worded it, where one should have. */
  fallback?: Fallback;
};

export type AnswerFrom = (
  asked: Omit<Asked, 'live'> & {
    mayAskModel: boolean;
    /** Undefined: nobody is told anything but the whole. */
    tell: Tell | undefined;
  },
) => Promise<Answered>;

/**
 * Retrieves, then words an answer: by the model where there is one, else from the passages themselves. The model is
 * never asked without passages. Where it fails before anybody was told a word, its failure costs nothing but its time.
 * @throws ModelFailure when it broke off in the middle of what was told; AskerLeft; what the driver throws while the
 * database is away.
 */
export function createAnswerFrom(deps: {
  retrieve: Retrieve;
  wordAnswer: WordAnswer | undefined;
  log: Logger;
  onSearchFailure: () => void;
}): AnswerFrom {
  const search = createSearch(deps);
  return async ({ mayAskModel, tell, ...asked }) => {
    const support = await search(asked.question);
    const told = createTold(tell ?? nobody);
    const finish = async (answered: Answered): Promise<Answered> => {
      await told.whole(answered);
      return answered;
    };
    if (support === undefined) return finish(unsupported(CANNOT_LOOK, { success: false }));
    if (support.length === 0) return finish(unsupported(I_DO_NOT_KNOW));
    if (!deps.wordAnswer || !mayAskModel) return finish(extractive(support));
    const worded = await deps.wordAnswer({ ...asked, live: tell !== undefined }, support, {
      onSources: (sources) => told.sources(citationsOf(sources)),
      onText: told.text,
    });
    if (worded.kind === 'fallback') return finish({ ...extractive(support), fallback: worded.why });
    if (worded.kind === 'unknown') return finish({ ...unsupported(I_DO_NOT_KNOW), provider: 'llm' });
    return {
      answer: worded.text,
      citations: told.citations(),
      supported: true,
      provider: 'llm',
      success: true,
    };
  };
}

function createSearch({
  retrieve,
  log,
  onSearchFailure,
}: {
  retrieve: Retrieve;
  log: Logger;
  onSearchFailure: () => void;
}): (question: string) => Promise<Found[] | undefined> {
  let fails = false;
  return async (question) => {
    try {
      const found = supportFor(await retrieve(question));
      fails = false;
      return found;
    } catch (err) {
      if (isUnavailable(err)) throw err;
      onSearchFailure();
      // Once per streak, and only the code: the error of a driver may quote what was searched for.
      if (!fails) log.warn({ code: codeOf(err) }, 'the passages could not be searched');
      fails = true;
      return undefined;
    }
  };
}

const nobody: Tell = async () => undefined;

/** Keeps what was told so far, so that a whole answer takes its place only where there is something to replace. */
function createTold(tell: Tell) {
  let citations: readonly Citation[] | undefined;
  let hasText = false;
  return {
    citations: () => citations ?? [],
    async sources(of: readonly Citation[]) {
      citations = of;
      await tell({ kind: 'sources', citations: of });
    },
    async text(text: string) {
      hasText = true;
      await tell({ kind: 'text', text });
    },
    async whole({ answer, citations: of }: Answered) {
      if (citations === undefined) await tell({ kind: 'sources', citations: of });
      else if (hasText || of.length !== citations.length) await tell({ kind: 'replaced', citations: of });
      await tell({ kind: 'text', text: answer });
    },
  };
}

function extractive(support: readonly Found[]): Answered {
  return {
    answer: composeAnswer(support),
    citations: citationsOf(support),
    supported: true,
    provider: 'extractive',
    success: true,
  };
}

function unsupported(answer: string, { success } = { success: true }): Answered {
  return { answer, citations: [], supported: false, provider: 'extractive', success };
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown';
}
