import type { Bind } from './conditions.ts';

/**
 * The words of a search as PostgreSQL takes them, to be compared with the column `words`: web search syntax (`"phrase"`, `-word`,
 * `or`), without accents, by English stems; the last word also as the beginning of one. No query is a syntax error.
 */
export function wordsOf(query: string, bind: Bind): string {
  const typed = lastWord(query);
  if (typed === undefined) return stems(bind(query));
  const [rest, last] = [stems(bind(typed.rest)), bind(typed.last)];
  const begun = `to_tsquery('simple', unaccented(${last}) || ':*')`;
  // A last word that says nothing, such as "for", asks for nothing, as it does anywhere else.
  return `(${rest} && CASE WHEN numnode(${stems(last)}) = 0 THEN ''::tsquery ELSE ${stems(last)} || ${begun} END)`;
}

function stems(text: string): string {
  return `websearch_to_tsquery('english', unaccented(${text}))`;
}

/** Letters and digits alone: nothing in it means anything to a tsquery. */
const WORD_AT_END = /^(?<rest>.*\s)?(?<last>[\p{L}\p{N}]{2,})$/su;

/**
 * The word that somebody may be typing, and what stands before it; undefined where the last word is excluded, within a phrase,
 * or an alternative: then taking it apart would change what is asked. Pure.
 */
export function lastWord(query: string): { rest: string; last: string } | undefined {
  const { rest = '', last } = WORD_AT_END.exec(query.trim())?.groups ?? {};
  if (last === undefined) return undefined;
  const inPhrase = (rest.match(/"/g)?.length ?? 0) % 2 === 1;
  const hasAlternative = /(^|\s)or(\s|$)/i.test(`${rest}${last}`);
  return inPhrase || hasAlternative ? undefined : { rest, last };
}
