import type { Reserve } from '../budget/budget.ts';
import { estimateTokens, mostUsage } from '../budget/prices.ts';
import { addressesAModel } from '../guard/addresses-a-model.ts';
import { type BrokenRule, judgeSoFar, judgeWhole } from '../guard/judge-answer.ts';
import { type AskModel, MAX_OUTPUT_TOKENS } from '../llm/ask-model.ts';
import { ModelFailure } from '../llm/model-failure.ts';
import { buildPrompt, MODEL_DOES_NOT_KNOW, type Prompt } from '../llm/prompt.ts';
import type { Usage } from '../llm/read-completion.ts';
import type { Found } from '../retrieval/retrieve.ts';
import type { Fallback } from './fallback.ts';
import { sentencesEnd } from './sentences-end.ts';
import { AskerLeft } from './tell.ts';

export type Asked = {
  question: string;
  /** Whose budget it is. */
  actorId: string;
  signal: AbortSignal;
  /** The most that the model may take in all, ms. */
  withinMs: number;
  /** Somebody is told the answer while it is made; else it can be made anew without anybody noticing. */
  live: boolean;
};

export type Worded =
  | { kind: 'worded'; text: string }
  /** The model says that the sources do not answer. */
  | { kind: 'unknown' }
  | { kind: 'fallback'; why: Fallback };

/** What is said while it is said: nothing of it has yet broken a rule. */
export type Listener = {
  /** Before the model is asked: what it is given. */
  onSources: (sources: readonly Found[]) => Promise<void>;
  onText: (text: string) => Promise<void>;
};

/**
 * Has the model word an answer, within the budget, and judges each sentence before anybody hears it.
 * @throws ModelFailure when it fails after something was said; AskerLeft; what the driver throws while the database is
 * away.
 */
export type WordAnswer = (asked: Asked, support: readonly Found[], listener: Listener) => Promise<Worded>;

export type WordAnswerDeps = {
  askModel: AskModel;
  reserve: Reserve;
  onFailure: (failure: ModelFailure) => void;
  onRefusal: (rule: BrokenRule) => void;
  onUsage: (usage: Usage) => void;
};

/** Nothing was worked on, so that nothing is paid. */
const UNPAID = new Set(['unreachable', 'throttled', 'status']);

export function createWordAnswer(deps: WordAnswerDeps): WordAnswer {
  return async (asked, support, listener) => {
    const sources = support.filter(({ title, body }) => !addressesAModel(`${title}\n${body}`));
    if (sources.length === 0) return { kind: 'fallback', why: 'sources_withheld' };
    const prompt = buildPrompt(asked.question, sources);
    const atMost = mostUsage(prompt.messages, MAX_OUTPUT_TOKENS);
    const grant = await deps.reserve(asked.actorId, atMost);
    if (!grant.granted) return { kind: 'fallback', why: `budget_${grant.spent}` };
    await listener.onSources(sources);
    const pay = async (usage: Usage) => {
      deps.onUsage(usage);
      await grant.settle(usage);
    };
    const heard: Heard = { said: '', told: 0, usage: undefined };
    try {
      const outcome = await listen({ asked, sources, prompt, listener }, heard, deps);
      await pay(heard.usage ?? { input: atMost.input, output: estimateTokens(heard.said) });
      return outcome;
    } catch (error) {
      if (asked.signal.aborted) throw new AskerLeft('who asked has gone', { cause: error });
      if (!(error instanceof ModelFailure)) throw error;
      if (UNPAID.has(error.why)) await pay({ input: 0, output: 0 });
      deps.onFailure(error);
      if (asked.live && heard.told > 0) throw error;
      return { kind: 'fallback', why: 'model_failed' };
    }
  };
}

type Heard = { said: string; told: number; usage: Usage | undefined };

type Conversation = { asked: Asked; sources: readonly Found[]; prompt: Prompt; listener: Listener };

async function listen(
  { asked, sources, prompt, listener }: Conversation,
  heard: Heard,
  { askModel, onRefusal }: Pick<WordAnswerDeps, 'askModel' | 'onRefusal'>,
): Promise<Worded> {
  const judged = { sources, nonce: prompt.nonce };
  const refuse = (rule: BrokenRule): Worded => {
    onRefusal(rule);
    return { kind: 'fallback', why: 'answer_refused' };
  };
  for await (const piece of askModel(prompt.messages, asked)) {
    if ('usage' in piece) {
      heard.usage = piece.usage;
      continue;
    }
    heard.said += piece.text;
    const end = sentencesEnd(heard.said);
    // A sentence that does not end is judged by its length alone.
    const broken =
      judgeSoFar(end > heard.told ? heard.said.slice(0, end) : '', judged) ?? tooLong(heard.said);
    if (broken) return refuse(broken);
    if (end <= heard.told || saysUnknown(heard.said)) continue;
    const text = heard.said.slice(heard.told, end);
    heard.told = end;
    await listener.onText(text);
    if (asked.signal.aborted) throw new AskerLeft('who asked has gone');
  }
  if (saysUnknown(heard.said)) return { kind: 'unknown' };
  const broken = judgeWhole(heard.said, judged);
  if (broken) return refuse(broken);
  if (heard.told < heard.said.length) await listener.onText(heard.said.slice(heard.told));
  return { kind: 'worded', text: heard.said.trim() };
}

/** An answer as long as this will not end well. */
const TOO_LONG = 4_000;

function tooLong(said: string): BrokenRule | undefined {
  return said.length > TOO_LONG ? 'too_long' : undefined;
}

function saysUnknown(said: string): boolean {
  return said.trimStart().startsWith(MODEL_DOES_NOT_KNOW);
}
