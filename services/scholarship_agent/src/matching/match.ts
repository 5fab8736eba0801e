import type { Scholarship } from '../catalogue/scholarship.ts';
import { judgeColumn, type Verdicts } from './column.ts';
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
  /** What the profile does not say and this scholarship asks for. */
  missing: string[];
};

export type Outcome = { considered: number; eligible: number; hits: Hit[] };

type Ranked = { row: number; score: number };

/**
 * The best scholarships for an applicant. Hard rules filter, soft rules rank; ties go to the earlier deadline, then
 * to the id, so the same input gives the same order, whatever order the catalogue came in.
 * One pass over numbers; reasons are written only for the hits.
 */
export function match({ rows, columns }: MatchIndex, applicant: Applicant, limit: number): Outcome {
  const verdicts = columns.map((column) => judgeColumn(column, applicant));
  const best: Ranked[] = [];
  let eligible = 0;
  for (let row = 0; row < rows.length; row += 1) {
    const score = scoreOf(row, verdicts);
    if (score === undefined) continue;
    eligible += 1;
    keepBest(best, { row, score }, limit);
  }
  const hits = best.flatMap(({ row, score }) => {
    const scholarship = rows[row];
    return scholarship ? [explain(scholarship, score, applicant)] : [];
  });
  return { considered: rows.length, eligible, hits };
}

/** 0 to 100, or undefined for a scholarship that is not for this applicant. */
function scoreOf(row: number, verdicts: readonly Verdicts[]): number | undefined {
  let unknown = 0;
  let points = 0;
  for (const verdict of verdicts) {
    const code = verdict.codes[row] ?? 0;
    if (verdict.failed[code] === 1) return undefined;
    unknown += verdict.unknown[code] ?? 0;
    points += verdict.points[code] ?? 0;
  }
  return Math.max(0, Math.round(points - unknown * UNKNOWN_COST));
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
  }
  why.push(`It pays ${money(scholarship)}.`);
  return { scholarship_id: scholarship.id, title: scholarship.title, score, why, missing };
}

/** Made once: making one takes longer than all else that a hit needs. */
const AMOUNT = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

function money({ amount_cents, currency }: Scholarship): string {
  return `${AMOUNT.format(amount_cents / 100)} ${currency}`;
}
