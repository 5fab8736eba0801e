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

const NEAR_CASES: [
  name: Requirement['name'],
  asks: Partial<Scholarship>,
  says: Partial<Applicant>,
  missing: string | undefined,
][] = [
  ['gpa', { min_gpa: 3.3 }, { gpa: 3 }, 'It asks for a GPA of at least 3.3: yours is 0.3 below.'],
  ['gpa', { min_gpa: 3.3 }, { gpa: 2.99 }, undefined],
  ['gpa', { min_gpa: 3.3 }, { gpa: 3.295 }, 'It asks for a GPA of at least 3.3: yours is 0.01 below.'],
  [
    'income_band',
    { max_income_band: 2 },
    { income_band: 3 },
    'It is for income bands 1 to 2 of 5: yours is the next.',
  ],
  ['income_band', { max_income_band: 2 }, { income_band: 4 }, undefined],
  ['age', { min_age: 18 }, { age: 17 }, 'It is for applicants from 18: you are one year too young.'],
  ['age', { max_age: 20 }, { age: 21 }, 'It is for applicants up to 20: you are one year too old.'],
  ['age', { max_age: 20 }, { age: 22 }, undefined],
  [
    'degree',
    { degree_levels: ['master'] },
    { degree: 'bachelor' },
    'It is for the level after yours (master).',
  ],
  ['degree', { degree_levels: ['bachelor'] }, { degree: 'master' }, undefined],
];

test.each(NEAR_CASES)(
  '%s: asks %j of who says %j, which is missed by little: %s',
  (name, asks, says, missing) => {
    const requirement = REQUIREMENTS.find((each) => each.name === name);
    const [one, who] = [scholarship(asks), { today: '2026-03-01', ...says }];
    expect(requirement?.judge(one, who)).toBe('failed');
    expect(requirement?.nearly?.(one, who)).toBe(missing);
  },
);

test('another field, region or citizenship is no matter of little, and neither is a day that is over', () => {
  const all = REQUIREMENTS.filter(({ nearly }) => nearly === undefined).map(({ name }) => name);
  expect(all).toEqual(['deadline', 'field', 'region', 'citizenship']);
});
