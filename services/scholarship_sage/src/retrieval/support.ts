import type { Found } from './retrieve.ts';

/** More passages make an answer longer, not better. */
const MAX_SUPPORT = 3;

/**
 * The passages that an answer may rest on, best first; empty means "I do not know". A passage supports an answer when
 * it holds at least half of the words that were asked for, and never a single one of several: one shared word is
 * chance. The guide goes before the catalogue where both say as much.
 */
export function supportFor(found: readonly Found[]): Found[] {
  return found.filter(isSupport).sort(compare).slice(0, MAX_SUPPORT);
}

function isSupport({ asked, covered }: Found): boolean {
  return covered >= (asked <= 1 ? 1 : Math.max(2, Math.ceil(asked / 2)));
}

function compare(a: Found, b: Found): number {
  if (a.covered !== b.covered) return b.covered - a.covered;
  if (a.kind !== b.kind) return a.kind === 'guide' ? -1 : 1;
  if (a.rank !== b.rank) return b.rank - a.rank;
  return a.id < b.id ? -1 : 1;
}
