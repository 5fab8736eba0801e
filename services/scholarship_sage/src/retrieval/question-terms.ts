/** Words that stand in so many questions and passages of this trade that they tell nothing apart. */
const GENERIC = new Set(
  (
    'scholarship scholarships student students apply applies applying applied application applications applicant ' +
    'applicants award awards please tell know want wants need needs help get give find show explain thing things ' +
    'really much many like would could should may might must will shall or'
  ).split(' '),
);

/** Longer questions add words, not sense. */
const MAX_TERMS = 24;

/**
 * The words of a question that tell something, in its order, without repetition. Nothing of the search syntax is left
 * in them. Only generic words: those, because something was asked.
 */
export function questionTerms(question: string): string[] {
  const words = new Set(
    question
      .toLowerCase()
      .replace(/['’]s\b/g, '')
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word !== '' && word !== 'or'),
  );
  const telling = [...words].filter((word) => !GENERIC.has(word));
  return (telling.length > 0 ? telling : [...words]).slice(0, MAX_TERMS);
}
