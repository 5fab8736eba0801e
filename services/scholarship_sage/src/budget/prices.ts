import type { Message } from '../llm/prompt.ts';
import type { Usage } from '../llm/read-completion.ts';

/** Units for a thousand tokens; a unit is whatever the operator counts in, such as a millionth of a dollar. */
export type Prices = { input: number; output: number };

export type Spending = { tokens: number; units: number };

/** The cost of tokens, part of a unit counting as a whole one. */
export function costOf({ input, output }: Usage, prices: Prices): Spending {
  const units = Math.ceil((input * prices.input + output * prices.output) / 1_000);
  return { tokens: input + output, units };
}

/**
 * Tokens of a text where nobody has counted them: one for three characters of English is rather too many (OpenAI's guide
 * says four), one per character beyond ASCII.
 */
export function estimateTokens(text: string): number {
  const beyond = text.replace(/[\0-\x7f]/gu, '').length;
  return Math.ceil((text.length - beyond) / 3) + beyond;
}

/** What a question will cost at most. */
export function mostUsage(messages: readonly Message[], maxOutputTokens: number): Usage {
  const input = messages.reduce((sum, { content }) => sum + estimateTokens(content) + 8, 0);
  return { input, output: maxOutputTokens };
}
