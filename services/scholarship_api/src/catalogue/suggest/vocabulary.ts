import { createPeriodicTask, type PeriodicTask, type PeriodicTaskOptions } from '@scholar/runtime/background';
import type { Pool } from 'pg';
import { oneAtATime } from '../one-at-a-time.ts';
import { createTrigramIndex, type TrigramIndex } from './trigram-index.ts';

export type Vocabulary = {
  /** Words of titles and fields that are like one; as of now where not too much has changed since the last look. */
  nearest(...asked: Parameters<TrigramIndex['nearest']>): Promise<string[]>;
  /** Reads everything in the background, once. */
  warmUp(deps: Pick<PeriodicTaskOptions, 'clock' | 'random' | 'log'>): PeriodicTask;
};

/** Changes that are read at a time. */
const SLICE = 5_000;

/**
 * The words of what is or was published, in memory. Before a look it reads what changed since the last one, one slice at most, so that a
 * search never waits for a whole catalogue; what is more comes with the next looks. Words stay known when their last scholarship
 * goes: whoever suggests one looks whether it is still there.
 */
export function createVocabulary(db: Pick<Pool, 'query'>, slice = SLICE): Vocabulary {
  const index = createTrigramIndex();
  let revision = -1;

  /** @returns whether there may be more */
  async function readSlice(): Promise<boolean> {
    const { text, values } = wordsStatement(revision, slice);
    const { rows } = await db.query<{ words: string[]; seen: number; last: number | null }>(text, values);
    const [found] = rows;
    if (found === undefined) throw new Error('an aggregate gave no row');
    for (const word of found.words) index.add(word);
    revision = found.last ?? revision;
    return found.seen === slice;
  }

  const readNext = oneAtATime(readSlice);
  return {
    async nearest(word, limit) {
      await readNext();
      return index.nearest(word, limit);
    },
    warmUp: (deps) =>
      createPeriodicTask({
        ...deps,
        name: "the reading of the catalogue's words",
        meanwhile: 'searches that find nothing suggest fewer words',
        run: async () => {
          while (await readNext());
        },
      }),
  };
}

/**
 * The words of titles and fields, as they stand, of the oldest changes after a revision. Nothing of a draft: nobody but its
 * owner may learn a word of it. What has become a draft was never public.
 */
export function wordsStatement(revision: number, slice = SLICE): { text: string; values: unknown[] } {
  const text = `
    WITH changed AS MATERIALIZED (
      SELECT revision, status, words FROM scholarships WHERE revision > $1 ORDER BY revision LIMIT $2)
    SELECT count(*)::int AS seen, max(revision)::float8 AS last,
      ARRAY(SELECT DISTINCT word FROM changed, unnest(tsvector_to_array(ts_filter(words, '{d}'))) AS word
        WHERE status <> 'draft' AND word ~ '^[[:alpha:]]{3,40}$') AS words
    FROM changed`;
  return { text, values: [revision, slice] };
}
