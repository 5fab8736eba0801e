import type { Scholarship } from '../catalogue/scholarship.ts';
import { PREFERENCES, UNKNOWN_COST } from './preferences.ts';
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

type Ranked = { scholarship: Scholarship; score: number };

/**
 * The best scholarships for an applicant. Hard rules filter, soft rules rank; ties go to the earlier deadline, then
 * to the id, so the same input gives the same order, whatever order the catalogue came in.
 * One pass; reasons are written only for the hits.
 */
export function match(catalogue: readonly Scholarship[], applicant: Applicant, limit: number): Outcome {
  const best: Ranked[] = [];
  let eligible = 0;
  for (const scholarship of catalogue) {
    const score = scoreOf(scholarship, applicant);
    if (score === undefined) continue;
    eligible += 1;
    keepBest(best, { scholarship, score }, limit);
  }
  return { considered: catalogue.length, eligible, hits: best.map((ranked) => explain(ranked, applicant)) };
}

/** 0 to 100, or undefined for a scholarship that is not for this applicant. */
function scoreOf(scholarship: Scholarship, applicant: Applicant): number | undefined {
  let unknown = 0;
  for (const requirement of REQUIREMENTS) {
    const judgement = requirement.judge(scholarship, applicant);
    if (judgement === 'failed') return undefined;
    if (judgement === 'unknown') unknown += 1;
  }
  let score = -unknown * UNKNOWN_COST;
  for (const { weight, value } of PREFERENCES) score += weight * value(scholarship, applicant);
  return Math.max(0, Math.round(score));
}

/** Inserts into a list that is kept in order and short; most of a large catalogue is turned away at its end. */
function keepBest(best: Ranked[], ranked: Ranked, limit: number): void {
  const last = best.at(-1);
  if (best.length >= limit && last && compare(ranked, last) >= 0) return;
  const index = best.findIndex((other) => compare(ranked, other) < 0);
  best.splice(index === -1 ? best.length : index, 0, ranked);
  if (best.length > limit) best.pop();
}

function compare(a: Ranked, b: Ranked): number {
  if (a.score !== b.score) return b.score - a.score;
  const [dayA, dayB] = [a.scholarship.deadline ?? '9999', b.scholarship.deadline ?? '9999'];
  if (dayA !== dayB) return dayA < dayB ? -1 : 1;
  return a.scholarship.id < b.scholarship.id ? -1 : 1;
}

function explain({ scholarship, score }: Ranked, applicant: Applicant): Hit {
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

function money({ amount_cents, currency }: Scholarship): string {
  return `${(amount_cents / 100).toLocaleString('en-US', { maximumFractionDigits: 2 })} ${currency}`;
}
