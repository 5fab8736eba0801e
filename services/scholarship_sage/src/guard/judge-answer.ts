import type { PassageKind } from '../passages/passage.ts';

/** Which rule an answer of the model breaks; a label of a metric. */
export type BrokenRule =
  | 'html'
  | 'link'
  | 'brackets'
  | 'unknown_source'
  | 'hidden_characters'
  | 'prompt'
  | 'too_long'
  | 'no_citation'
  | 'not_from_sources';

/** What an answer is judged against. */
export type GivenSource = { id: string; kind: PassageKind; title: string; body: string };

export type Judged = { sources: readonly GivenSource[]; nonce: string };

/** In characters; what was asked for is a quarter of it. */
const MAX_ANSWER = 4_000;

/** An address in any shape in which people or pages follow one: with a scheme, www., an e-mail, or a bare host. */
const LINK =
  /\b[a-z][a-z0-9+.-]*:\/\/\S+|\bwww\.\S+|\b(?:javascript|data|vbscript|mailto|tel|file|ftp):\S+|[^\s@]+@[^\s@]+\.[^\s@]+|\b(?:[a-z0-9-]+\.)+[a-z]{2,}(?:[/:?#]\S*)?/giu;
const TAG = /<[a-z!/?]|&(?:#\d+|#x[0-9a-f]+|[a-z]+);/iu;
/** Controls and format characters: direction overrides, zero-width ones, soft hyphens. */
const HIDDEN = /[\p{Cf}\p{Co}\p{Cn}]|(?![\n\t])\p{Cc}/u;
const BRACKETS = /\[[^\]\n]*\]?(?:\([^)]*\)?|:)?|\]/gu;
const CITATION = /^\[(\d{1,2})(?:, ?(\d{1,2}))*\]$/u;
const SOURCE_ID = /\b(?:guide|scholarships)\/[^\s,;)\]]*[^\s,;)\].:!?]/giu;

/**
 * Judges what has been said so far, whole sentences. Prompts do not hold a model back; this does: an answer may name only
 * sources that were given, link nowhere but where the guide links, and hold neither markup nor what nobody sees.
 * Compatibility forms (full-width letters and dots) count as what they look like.
 * @returns the first rule that is broken, else undefined.
 */
export function judgeSoFar(said: string, { sources, nonce }: Judged): BrokenRule | undefined {
  if (said.length > MAX_ANSWER) return 'too_long';
  const text = asSeen(said);
  if (HIDDEN.test(said)) return 'hidden_characters';
  if (TAG.test(text)) return 'html';
  if (text.includes(nonce)) return 'prompt';
  const ids = new Set(sources.map(({ id }) => id.toLowerCase()));
  if ([...text.matchAll(SOURCE_ID)].some(([id]) => !ids.has(id.toLowerCase()))) return 'unknown_source';
  const ours = new Set(sources.flatMap(({ kind, body }) => (kind === 'guide' ? linksOf(asSeen(body)) : [])));
  if (linksOf(text).some((link) => !ours.has(link))) return 'link';
  for (const [bracket] of text.matchAll(BRACKETS)) {
    if (!CITATION.test(bracket)) return 'brackets';
    const named = bracket.match(/\d+/gu) ?? [];
    if (named.some((place) => Number(place) < 1 || Number(place) > sources.length)) return 'unknown_source';
  }
  return undefined;
}

function asSeen(text: string): string {
  return text.normalize('NFKC').replaceAll('\u3002', '.');
}

function linksOf(text: string): string[] {
  return [...text.matchAll(LINK)].map(([link]) => link.replace(/[.,;:!?)]+$/u, '').toLowerCase());
}

/** How much of an answer's telling words has to stand in its sources. Paraphrases pass; what a model makes up does not. */
const FROM_SOURCES = 0.5;

/** Judges a whole answer: what `judgeSoFar` asks of its parts, and that it names a source and speaks of what they say. */
export function judgeWhole(said: string, judged: Judged): BrokenRule | undefined {
  const broken = judgeSoFar(said, judged);
  if (broken) return broken;
  if (!/\[\d/u.test(said)) return 'no_citation';
  const known = new Set(judged.sources.flatMap(({ title, body }) => stemsOf(`${title} ${body}`)));
  const stems = stemsOf(said);
  const found = stems.filter((stem) => known.has(stem)).length;
  return found < stems.length * FROM_SOURCES ? 'not_from_sources' : undefined;
}

/** The different longer words, each cut to its first five letters: "apply", "applying" and "applied" are nearly one. */
function stemsOf(text: string): string[] {
  const words = text.toLowerCase().match(/\p{L}{4,}/gu) ?? [];
  return [...new Set(words.map((word) => word.slice(0, 5)))];
}
