import { createHash } from 'node:crypto';

const MAX_WORDS_LENGTH = 60;

/**
 * The words of a title as they stand in a URL: lower case ASCII letters and digits joined by single hyphens,
 * at most 60 characters, never empty. The same text gives the same slug on every replica and after every refresh.
 */
export function slugify(text: string): string {
  const words = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_WORDS_LENGTH)
    .replace(/^-+|-+$/g, '');
  return words === '' ? 'other' : words;
}

export const fieldSlug = (field: string): string => `field-${field}`;
export const regionSlug = (region: string): string => `region-${region}`;

/** Which group of scholarships a slug stands for; a scholarship's own slug may look alike and is looked up first. */
export function parseGroupSlug(slug: string): { by: 'field' | 'region'; word: string } | undefined {
  const [, by, word] = /^(field|region)-(.+)$/.exec(slug) ?? [];
  return word && (by === 'field' || by === 'region') ? { by, word } : undefined;
}

/** Two scholarships may carry one title: eight hex digits of the id's SHA-256 keep their pages apart. */
export function scholarshipSlug({ id, title }: { id: string; title: string }): string {
  const suffix = createHash('sha256').update(id).digest('hex').slice(0, 8);
  return `${slugify(title)}-${suffix}`;
}

/** What may stand behind /p/: our own slugs and nothing that would need escaping. */
export const SLUG_PATTERN = /^[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?$/;
