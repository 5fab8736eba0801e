import type { Pool } from 'pg';
import { OPEN } from '../conditions.ts';
import { type Filters, MOST_LETTERS } from '../search-query.ts';
import { findsAnything } from '../store.ts';
import { lastWord } from '../words.ts';
import { replaceWords, typedWords } from './typed-words.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Words of one question that are looked at; a longer one is hardly a slip of the finger. */
const MOST_TYPED = 8;
/** Words that are looked up in the place of one, and of them those that are tried. */
const MOST_ALIKE = 20;
const MOST_TRIES = 3;

/**
 * What may have been meant by words that found nothing: each word that no open scholarship has, in another form or further typed
 * either, gives way to the likest one that some has. Undefined where there is none, or where the other words would find
 * nothing either. The same question over the same catalogue gives the same answer. A handful of statements at most.
 */
export async function suggest(
  db: Pick<Pool, 'query'>,
  vocabulary: Pick<Vocabulary, 'nearest'>,
  filters: Filters & { q: string },
): Promise<string | undefined> {
  const typed = typedWords(filters.q).slice(0, MOST_TYPED);
  if (typed.length === 0) return undefined;
  const unknown = await absent(db, typed, lastWord(filters.q)?.last);
  if (unknown.length === 0) return undefined;
  const alternatives = new Map<string, string[]>();
  for (const word of unknown) {
    const alike = await vocabulary.nearest(word, MOST_ALIKE);
    // Nothing like it: what is left of the question finds nothing, for all of its words are asked for.
    const present = await presentOf(db, alike);
    if (present.length === 0) return undefined;
    alternatives.set(word, present);
  }
  const tries = Math.min(MOST_TRIES, Math.max(...[...alternatives.values()].map(({ length }) => length)));
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const q = replaceWords(filters.q, (word) => {
      const present = alternatives.get(word);
      return present?.[attempt] ?? present?.[0];
    });
    if (q.length <= MOST_LETTERS && (await findsAnything(db, { ...filters, q }))) return q;
  }
  return undefined;
}

/**
 * Those of these words that no open scholarship has: by its stem or, of the last one, as a beginning, as a search looks for
 * them. What says nothing, such as "from", is none.
 */
async function absent(
  db: Pick<Pool, 'query'>,
  words: readonly string[],
  last: string | undefined,
): Promise<string[]> {
  const { rows } = await db.query<{ word: string }>(
    `SELECT word FROM unnest($1::text[]) WITH ORDINALITY AS typed (word, place)
     WHERE numnode(plainto_tsquery('english', unaccented(word))) > 0 AND NOT EXISTS (
       SELECT FROM scholarships WHERE ${OPEN.join(' AND ')}
         AND words @@ CASE WHEN word = $2
           THEN plainto_tsquery('english', unaccented(word)) || to_tsquery('simple', unaccented(word) || ':*')
           ELSE plainto_tsquery('english', unaccented(word)) END)
     ORDER BY place`,
    [words, last === undefined ? null : (typedWords(last)[0] ?? null)],
  );
  return rows.map(({ word }) => word);
}

/** Those of these words that an open scholarship has, in their order. */
async function presentOf(db: Pick<Pool, 'query'>, words: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ word: string }>(
    `SELECT word FROM unnest($1::text[]) WITH ORDINALITY AS alike (word, place)
     WHERE EXISTS (SELECT FROM scholarships WHERE ${OPEN.join(' AND ')} AND words @@ to_tsquery('simple', word))
     ORDER BY place`,
    [words],
  );
  return rows.map(({ word }) => word);
}
