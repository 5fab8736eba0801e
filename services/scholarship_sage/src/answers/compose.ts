import type { Found } from '../retrieval/retrieve.ts';

export type Citation = { title: string; source: string; excerpt: string };

/** The whole answer when nothing supports one. */
export const I_DO_NOT_KNOW =
  'I do not know. Neither the guide nor the catalogue says anything that would support an answer.';

/** The whole answer when the passages could not be searched. */
export const CANNOT_LOOK = 'I cannot look this up just now. Please ask again in a moment.';

export function citationsOf(support: readonly Found[]): Citation[] {
  return support.map(({ id, title, excerpt }) => ({ title, source: id, excerpt }));
}

/** An answer in the words of its passages: a section of the guide as a whole, scholarships as a list. */
export function composeAnswer(support: readonly Found[]): string {
  const [best, ...others] = support;
  if (!best) return I_DO_NOT_KNOW;
  const scholarships = support.filter(({ kind }) => kind === 'scholarship');
  if (best.kind === 'scholarship') return `The catalogue has: ${listed(scholarships)}`;
  const sections = others.filter(({ kind }) => kind === 'guide').map(({ title }) => title);
  return [
    best.body,
    sections.length > 0 && `See also ${sections.join('; ')}.`,
    scholarships.length > 0 && `From the catalogue: ${listed(scholarships)}`,
  ]
    .filter(Boolean)
    .join('\n\n');
}

function listed(scholarships: readonly Found[]): string {
  return scholarships.map(({ title, excerpt }) => `${title} (${excerpt})`).join('; ');
}
