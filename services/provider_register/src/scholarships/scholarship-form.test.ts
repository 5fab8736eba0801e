import { EMPTY_FORM, readForm, toForm } from './scholarship-form.ts';

const FORM = {
  title: 'Coast Grant',
  description: 'For midwives.',
  amount_cents: '2,500.50',
  currency: 'USD',
};

test.each([
  ['2500', 250_000],
  ['2,500', 250_000],
  ['2,500.5', 250_050],
  ['12,5', 1_250],
  ['0', 0],
])('the amount "%s" is %d cents', (amount_cents, cents) => {
  expect(readForm({ ...FORM, amount_cents }).input?.amount_cents).toBe(cents);
});

test.each(['', 'much', '-1', '1.234', '1e9', '999999999'])(
  '"%s" is no amount, and stays in the form',
  (typed) => {
    const { input, form } = readForm({ ...FORM, amount_cents: typed });
    expect(input).toBeUndefined();
    expect(form.errors['amount_cents']).toContain('such as 2500');
    expect(form.values.amount_cents).toBe(typed);
  },
);

test('an amount has the minor units of its currency, and the form of a stored one says the same', () => {
  const yen = { ...FORM, currency: 'JPY', amount_cents: '250,000' };
  const { input } = readForm(yen);
  expect(input?.amount_cents).toBe(250_000);
  expect(readForm({ ...yen, amount_cents: '2500.50' }).form.errors['amount_cents']).toBe(
    'This has to be an amount, such as 2500.',
  );
  if (input === undefined) throw new Error('the form was not taken');
  expect(toForm({ ...input, id: 's', status: 'draft', revision: 1 }).values.amount_cents).toBe('250000');
});

test('words and countries are taken as people write them, and said once', () => {
  const { input } = readForm({
    ...FORM,
    fields_of_study: ' Computer Science, médecine ,computer science,, ',
    regions: 'New York; Ontario',
    citizenships: 'us, ca US',
  });
  expect(input).toMatchObject({
    fields_of_study: ['computer-science', 'medecine'],
    regions: ['new-york', 'ontario'],
    citizenships: ['US', 'CA'],
  });
});

test('one box ticked, several and none are lists; a level that nobody knows is none', () => {
  expect(readForm({ ...FORM, degree_levels: 'master' }).input?.degree_levels).toEqual(['master']);
  expect(readForm({ ...FORM, degree_levels: ['bachelor', 'x'] }).input?.degree_levels).toEqual(['bachelor']);
  expect(readForm(FORM).input?.degree_levels).toEqual([]);
});

test('what is empty is no limit, what is no number is said beside its field', () => {
  expect(readForm(FORM).input).toMatchObject({ min_gpa: null, max_age: null, deadline: null, url: null });
  const { input, form } = readForm({ ...FORM, min_gpa: 'good', min_age: '17' });
  expect([input, Object.keys(form.errors)]).toEqual([undefined, ['min_gpa']]);
});

test('a stored scholarship fills in the form that would store it again', () => {
  const { input } = readForm({
    ...FORM,
    ...{ url: 'https://coast.example', deadline: '2090-05-01', degree_levels: ['bachelor', 'master'] },
    ...{ fields_of_study: 'nursing', regions: 'maine', citizenships: 'US', min_gpa: '3,5', max_age: '30' },
  });
  if (input === undefined) throw new Error('the form was not taken');
  const { values, degreeLevels } = toForm({ ...input, id: 's', status: 'draft', revision: 1 });
  expect(readForm({ ...values, degree_levels: degreeLevels }).input).toEqual(input);
});

test.each([undefined, null, 'x', [], { title: ['a', 'b'] }])(
  'whatever is sent, %j is read and refused',
  (body) => {
    expect(readForm(body).input).toBeUndefined();
    expect(EMPTY_FORM.errors).toEqual({});
  },
);
