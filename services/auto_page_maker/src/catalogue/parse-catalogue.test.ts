import { parseCatalogue } from './parse-catalogue.ts';

describe("reading scholarship_api's catalogue", () => {
  test('takes what the pages show and makes the slug', () => {
    const [shown] = parseCatalogue([
      {
        id: 's1',
        title: 'Merit Award',
        description: 'For the curious.',
        fields_of_study: ['computer-science', 'computer-science'],
        regions: ['ontario'],
        amount_cents: 490_050,
        currency: 'USD',
        deadline: '2027-03-01',
        something_new: true,
      },
    ]);
    expect(shown).toEqual({
      scholarshipId: 's1',
      slug: expect.stringMatching(/^merit-award-[0-9a-f]{8}$/),
      title: 'Merit Award',
      summary: 'For the curious.',
      fields: ['computer-science'],
      regions: ['ontario'],
      amount: 'USD 4,900.50',
      deadline: '2027-03-01',
    });
  });

  test('an amount has the minor units of its currency', () => {
    const entry = { id: 's1', title: 'Merit Award', amount_cents: 250_000, currency: 'JPY' };
    expect(parseCatalogue([entry])[0]?.amount).toBe('JPY 250,000');
  });

  test('leaves out an entry that cannot be shown and keeps the rest', () => {
    const shown = parseCatalogue([{ id: 's1' }, { id: 's2', title: 'Kept', deadline: 'soon' }]);
    expect(shown.map((s) => s.scholarshipId)).toEqual(['s2']);
    expect(shown[0]?.deadline).toBeNull();
  });
});
