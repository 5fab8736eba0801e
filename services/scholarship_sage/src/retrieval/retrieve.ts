import type { Pool } from 'pg';
import type { PassageKind } from '../passages/passage.ts';
import { questionTerms } from './question-terms.ts';

/** A passage that shares words with the question. */
export type Found = {
  id: string;
  kind: PassageKind;
  title: string;
  body: string;
  /** The part of the body around the words of the question. */
  excerpt: string;
  /** How many different words the question has, stop words aside; and how many of them are in the passage. */
  asked: number;
  covered: number;
  rank: number;
};

/** The best passages of each kind for a question; empty when none shares a word. */
export type Retrieve = (question: string) => Promise<Found[]>;

const PER_KIND = 4;
/** ts_rank_cd: damp long passages (1) and map ranks into 0..1 (32). */
const RANK_NORMALIZATION = 1 | 32;
/** Plain text: marking is for the page. */
const HEADLINE = 'StartSel="", StopSel="", MaxWords=40, MinWords=15, MaxFragments=2, FragmentDelimiter=" … "';

export function createRetrieve(pool: Pool): Retrieve {
  return async (question) => {
    const terms = questionTerms(question);
    if (terms.length === 0) return [];
    const { rows } = await pool.query<Found>(
      `WITH asked AS (
         SELECT websearch_to_tsquery('english', $1) AS any_of,
                tsvector_to_array(to_tsvector('english', $2)) AS lexemes
       ), found AS (
         SELECT passage_id, kind, title, body, any_of, cardinality(lexemes) AS asked,
                (SELECT count(*)::int FROM unnest(tsvector_to_array(search)) AS w(lexeme)
                 WHERE w.lexeme = ANY (lexemes)) AS covered,
                ts_rank_cd(search, any_of, $5) AS rank
         FROM passages, asked WHERE search @@ any_of
       ), placed AS (
         SELECT *, row_number() OVER (PARTITION BY kind ORDER BY covered DESC, rank DESC, passage_id) AS place
         FROM found
       )
       SELECT passage_id AS id, kind, title, body, asked, covered, rank,
              ts_headline('english', body, any_of, $3) AS excerpt
       FROM placed WHERE place <= $4`,
      [terms.join(' or '), terms.join(' '), HEADLINE, PER_KIND, RANK_NORMALIZATION],
    );
    return rows;
  };
}
