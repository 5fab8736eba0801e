import { formatMoney } from '@scholar/runtime/money';
import type { Scholarship } from '../catalogue/scholarship.ts';
import { judgeColumn, NEARLY, type Verdicts } from './column.ts';
import type { MatchIndex } from './match-index.ts';
import { UNKNOWN_COST } from './preferences.ts';
import type { Applicant } from './profile.ts';
import { REQUIREMENTS } from './requirements.ts';

export type Hit = {
  scholarship_id: string;
  title: string;
  /** 0 to 100, whole. */
  score: number;
  /** Each requirement that the profile meets, in words. */
  why: string[];
  /** What the profile does not say and this scholarship asks for; of a near miss also what it says and does not reach. */
  missing: string[];
};

export type Outcome = {
  considered: number;
  eligible: number;
  hits: Hit[];
  /** What fails one hard rule alone, and that by little; best first. */
  nearMisses: Hit[];
};

/** Near misses that an answer has at most: they are a hint beside the hits. */
export const MOST_NEAR_MISSES = 10;

type Ranked = { row: number; score: number };

/**
 * The best scholarships for an applicant, and those that are missed by little. Hard rules filter, soft rules rank; ties go to
 * the earlier deadline, then to the id, so the same input gives the same order, whatever order the catalogue came in.
 * One pass over numbers; reasons are written only for the hits.
 */
export function match({ rows, columns }: MatchIndex, applicant: Applicant, limit: number): Outcome {
  const verdicts = columns.map((column) => judgeColumn(column, applicant));
  const best: Ranked[] = [];
  const nearest: Ranked[] = [];
  const mostNearest = Math.min(limit, MOST_NEAR_MISSES);
  let eligible = 0;
  for (let row = 0; row < rows.length; row += 1) {
    const judged = judgeRow(row, verdicts);
    if (judged.missed > NEARLY) continue;
    const ranked = { row, score: Math.max(0, Math.round(judged.points - judged.unknown * UNKNOWN_COST)) };
    if (judged.missed === NEARLY) keepBest(nearest, ranked, mostNearest);
    else {
      eligible += 1;
      keepBest(best, ranked, limit);
    }
  }
  const explained = (all: readonly Ranked[]) =>
    all.flatMap(({ row, score }) => {
      const scholarship = rows[row];
      return scholarship ? [explain(scholarship, score, applicant)] : [];
    });
  return { considered: rows.length, eligible, hits: explained(best), nearMisses: explained(nearest) };
}

/** What all rules say of a row. `missed`: 0 when it is for this applicant, NEARLY when one thing is missed by little, else more. */
function judgeRow(row: number, verdicts: readonly Verdicts[]) {
  const sum = { missed: 0, unknown: 0, points: 0 };
  for (const { codes, failed, unknown, points } of verdicts) {
    const code = codes[row] ?? 0;
    sum.missed += failed[code] ?? 0;
    if (sum.missed > NEARLY) return sum;
    sum.unknown += unknown[code] ?? 0;
    sum.points += points[code] ?? 0;
  }
  return sum;
}

/** Inserts into a list that is kept in order and short. Rows come in the order of ties: an equal score goes behind. */
function keepBest(best: Ranked[], ranked: Ranked, limit: number): void {
  const last = best.at(-1);
  if (best.length >= limit && last && ranked.score <= last.score) return;
  const index = best.findIndex((other) => ranked.score > other.score);
  best.splice(index === -1 ? best.length : index, 0, ranked);
  if (best.length > limit) best.pop();
}

function explain(scholarship: Scholarship, score: number, applicant: Applicant): Hit {
  const why: string[] = [];
  const missing: string[] = [];
  for (const requirement of REQUIREMENTS) {
    const judgement = requirement.judge(scholarship, applicant);
    if (judgement === 'met') why.push(requirement.why(scholarship, applicant));
    if (judgement === 'unknown') missing.push(requirement.missing(scholarship));
    if (judgement === 'failed') missing.unshift(requirement.nearly?.(scholarship, applicant) ?? '');
  }
  why.push(`It pays ${formatMoney(scholarship.amount_cents, scholarship.currency, 'amount')}.`);
  return { scholarship_id: scholarship.id, title: scholarship.title, score, why, missing };
}
