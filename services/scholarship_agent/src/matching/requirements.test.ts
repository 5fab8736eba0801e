import type { Scholarship } from '../catalogue/scholarship.ts';
import { scholarship } from '../testing/scholarships.ts';
import type { Applicant } from './profile.ts';
import { type Judgement, REQUIREMENTS, type Requirement } from './requirements.ts';

type Case = [
  name: Requirement['name'],
  asks: Partial<Scholarship>,
  says: Partial<Applicant>,
  judgement: Judgement,
];

const CASES: Case[] = [
  ['deadline', {}, {}, 'open'],
  ['deadline', { deadline: '2026-03-01' }, {}, 'met'],
  ['deadline', { deadline: '2026-02-28' }, {}, 'failed'],
  ['degree', {}, { degree: 'bachelor' }, 'open'],
  ['degree', { degree_levels: ['bachelor', 'master'] }, { degree: 'master' }, 'met'],
  ['degree', { degree_levels: ['bachelor'] }, { degree: 'doctorate' }, 'failed'],
  ['degree', { degree_levels: ['bachelor'] }, {}, 'unknown'],
  ['field', { fields_of_study: ['law'] }, { field: 'law' }, 'met'],
  ['field', { fields_of_study: ['law'] }, { field: 'arts' }, 'failed'],
  ['field', { fields_of_study: ['law'] }, {}, 'unknown'],
  ['region', { regions: ['ohio'] }, { region: 'ohio' }, 'met'],
  ['region', { regions: ['ohio'] }, { region: 'texas' }, 'failed'],
  ['citizenship', { citizenships: ['US'] }, { citizenship: 'US' }, 'met'],
  ['citizenship', { citizenships: ['US'] }, { citizenship: 'CA' }, 'failed'],
  ['gpa', { min_gpa: 3 }, { gpa: 3 }, 'met'],
  ['gpa', { min_gpa: 3 }, { gpa: 2.99 }, 'failed'],
  ['gpa', { min_gpa: 3 }, {}, 'unknown'],
  ['gpa', {}, { gpa: 0 }, 'open'],
  ['income_band', { max_income_band: 2 }, { income_band: 2 }, 'met'],
  ['income_band', { max_income_band: 2 }, { income_band: 3 }, 'failed'],
  ['income_band', { max_income_band: 5 }, {}, 'open'],
  ['age', { min_age: 18 }, { age: 18 }, 'met'],
  ['age', { min_age: 18 }, { age: 17 }, 'failed'],
  ['age', { max_age: 20 }, { age: 21 }, 'failed'],
  ['age', { min_age: 18, max_age: 20 }, { age: 20 }, 'met'],
  ['age', { max_age: 20 }, {}, 'unknown'],
];

test.each(CASES)('%s: a scholarship that asks %j of who says %j is %s', (name, asks, says, judgement) => {
  const requirement = REQUIREMENTS.find((each) => each.name === name);
  expect(requirement?.judge(scholarship(asks), { today: '2026-03-01', ...says })).toBe(judgement);
});

test('every requirement can be failed, so none of them is decoration', () => {
  const failable = new Set(CASES.filter(([, , , judgement]) => judgement === 'failed').map(([name]) => name));
  expect([...failable].sort()).toEqual(REQUIREMENTS.map(({ name }) => name).sort());
});
