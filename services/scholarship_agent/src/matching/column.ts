import type { Scholarship } from '../catalogue/scholarship.ts';
import { PREFERENCES, type Preference } from './preferences.ts';
import type { Applicant } from './profile.ts';
import { REQUIREMENTS, type Requirement } from './requirements.ts';

/** A trait of every scholarship, as the number of one of its distinct values. */
export type Column = {
  requirement: Requirement | undefined;
  preference: Preference | undefined;
  /** For each row the number of its value. */
  codes: Uint32Array;
  /** For each value one scholarship that has it: the rules are asked about this one, for all that share it. */
  examples: readonly Scholarship[];
};

/** What the rules of a column say to one applicant, by the number of the value. */
export type Verdicts = {
  codes: Uint32Array;
  /** 0 where nothing failed, NEARLY where it failed by little, FAILED where it failed. */
  failed: Uint8Array;
  unknown: Uint8Array;
  points: Float64Array;
};

export const NEARLY = 1;
export const FAILED = 2;

type Rules = Pick<Column, 'requirement' | 'preference'> & { reads: readonly (keyof Scholarship)[] };

/** Rules that read the same trait share a column. Order: the preferences', then the requirements that no preference shares. */
const RULES: readonly Rules[] = [
  ...PREFERENCES.map((preference) => {
    const requirement = REQUIREMENTS.find(({ reads }) => sameTraits(reads, preference.reads));
    return { reads: preference.reads, requirement, preference };
  }),
  ...REQUIREMENTS.filter(({ reads }) => !PREFERENCES.some((other) => sameTraits(other.reads, reads))).map(
    (requirement) => ({ reads: requirement.reads, requirement, preference: undefined }),
  ),
];

function sameTraits(a: Rules['reads'], b: Rules['reads']): boolean {
  return a.join() === b.join();
}

/** Empty columns for so many rows; `fill` is called once for each row, in order. */
export function createColumns(rows: number): { columns: Column[]; fill(row: number, of: Scholarship): void } {
  const growing = RULES.map(({ reads, requirement, preference }) => ({
    column: { requirement, preference, codes: new Uint32Array(rows), examples: [] as Scholarship[] },
    known: new Map<string, number>(),
    reads,
  }));
  return {
    columns: growing.map(({ column }) => column),
    fill(row, scholarship) {
      for (const { column, known, reads } of growing) {
        const value = JSON.stringify(reads.map((trait) => scholarship[trait]));
        let code = known.get(value);
        if (code === undefined) {
          code = column.examples.push(scholarship) - 1;
          known.set(value, code);
        }
        column.codes[row] = code;
      }
    },
  };
}

/** Asks the rules of a column once for each distinct value. */
export function judgeColumn(column: Column, applicant: Applicant): Verdicts {
  const { codes, examples, requirement, preference } = column;
  const verdicts: Verdicts = {
    codes,
    failed: new Uint8Array(examples.length),
    unknown: new Uint8Array(examples.length),
    points: new Float64Array(examples.length),
  };
  examples.forEach((example, code) => {
    const judgement = requirement?.judge(example, applicant) ?? 'open';
    if (judgement === 'failed')
      verdicts.failed[code] = requirement?.nearly?.(example, applicant) === undefined ? FAILED : NEARLY;
    verdicts.unknown[code] = judgement === 'unknown' ? 1 : 0;
    if (preference && judgement !== 'failed')
      verdicts.points[code] = preference.weight * preference.value(example, applicant);
  });
  return verdicts;
}
