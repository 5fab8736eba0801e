export { CHECKS, isDrift, judge } from './audit/audit.ts';
export type { Check, Judged } from './audit/judged.ts';
export { toFinding } from './audit/judged.ts';
export type { Snapshot } from './audit/snapshot.ts';
export { plan } from './remedy/plan.ts';
export type { Target } from './target/target.ts';
export { verify } from './verify/verify.ts';
