import { formatMoney } from '@scholar/runtime/money';
import { z } from 'zod';
import { plainText } from '../guard/plain-text.ts';
import type { Passage } from '../passages/passage.ts';

const words = z.array(z.string()).default([]);

/** What can be asked about a scholarship. */
const scholarshipSchema = z.object({
  id: z.string().min(1).max(200),
  title: z.string().min(1),
  description: z.string().default(''),
  degree_levels: words,
  fields_of_study: words,
  regions: words,
  citizenships: words,
  min_gpa: z.number().nullish(),
  min_age: z.number().nullish(),
  max_age: z.number().nullish(),
  amount_cents: z.number().min(0).nullish(),
  currency: z.string().default('USD'),
  deadline: z.string().nullish(),
});

type Scholarship = z.output<typeof scholarshipSchema>;

/** Entries of scholarship_api's catalogue as passages. One that makes no sense is left out: it must not hide the others. */
export function toPassages(entries: readonly unknown[]): Passage[] {
  return entries.flatMap((entry) => scholarshipSchema.safeParse(entry).data ?? []).map(toPassage);
}

function toPassage(scholarship: Scholarship): Passage {
  const body = [plainText(scholarship.description), ...facts(scholarship).map(plainText)];
  return {
    id: `scholarships/${scholarship.id}`,
    title: plainText(scholarship.title) || 'A scholarship without a name',
    body: body.filter(Boolean).join(' '),
  };
}

function facts(s: Scholarship): string[] {
  return [
    sentence('Field of study', listed(s.fields_of_study)),
    sentence('Level of study', listed(s.degree_levels)),
    sentence('Region', listed(s.regions)),
    sentence('Citizenship', s.citizenships.join(', ')),
    sentence('Lowest GPA', s.min_gpa),
    sentence('Lowest age', s.min_age),
    sentence('Highest age', s.max_age),
    sentence('Amount', s.amount_cents ? formatMoney(s.amount_cents, s.currency, 'amount') : ''),
    sentence('Deadline', s.deadline ?? 'open at any time'),
  ];
}

function sentence(name: string, value: string | number | null | undefined): string {
  return value === '' || value === null || value === undefined ? '' : `${name}: ${value}.`;
}

function listed(names: readonly string[]): string {
  return names.map((name) => name.replaceAll('-', ' ')).join(', ');
}
