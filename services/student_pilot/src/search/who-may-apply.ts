import { inWords, regionInWords } from '@scholar/runtime/catalogue';
import type { Scholarship } from './catalogue-answer.ts';

/** Who may apply, in one line: what is studied, where, and each limit that there is. Pure. */
export function whoMayApply(one: Scholarship): string {
  const { min_gpa: gpa, max_income_band: band } = one;
  return [
    listed(one.fields_of_study) ?? 'any field',
    listed(one.degree_levels) ?? 'any level',
    listed(one.regions, regionInWords) ?? 'any region',
    one.citizenships.length > 0 && `citizens of ${one.citizenships.join(', ')}`,
    gpa !== null && `a GPA of at least ${gpa}`,
    band !== null &&
      band < 5 &&
      (band === 1 ? 'the lowest fifth of incomes' : `income bands 1 to ${band} of 5`),
    ages(one),
  ]
    .filter((part) => part !== false && part !== undefined)
    .join(' · ');
}

function listed(words: readonly string[], told = inWords): string | undefined {
  return words.length === 0 ? undefined : words.map(told).join(', ');
}

function ages({ min_age: least, max_age: most }: Scholarship): string | undefined {
  if (least !== null && most !== null) return `aged ${least} to ${most}`;
  if (least !== null) return `aged ${least} or more`;
  return most === null ? undefined : `aged ${most} or less`;
}
