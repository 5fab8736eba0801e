import { parseCatalogue } from './parse-catalogue.ts';

describe("reading scholarship_api's catalogue", () => {
  test('takes what the pages show and makes the slugs', () => {
    const page = parseCatalogue({
      scholarships: [
        {
          id: 's1',
          title: 'Merit Award',
          summary: 'For the curious.',
          field: 'Computer Science',
          region: 'Ontario',
          amount_cents: 490_050,
          currency: 'USD',
          deadline: '2027-03-01T00:00:00Z',
          something_new: true,
        },
      ],
      next_cursor: 'c2',
    });
    expect(page.nextCursor).toBe('c2');
    expect(page.scholarships[0]).toMatchObject({
      scholarshipId: 's1',
      slug: expect.stringMatching(/^merit-award-[0-9a-f]{8}$/),
      fieldSlug: 'field-computer-science',
      regionSlug: 'region-ontario',
      amount: 'USD 4,900.5',
      deadline: '2027-03-01',
    });
  });

  test('leaves out an entry that cannot be shown and keeps the rest', () => {
    const page = parseCatalogue({ scholarships: [{ id: 's1' }, { id: 's2', title: 'Kept', deadline: 'soon' }] });
    expect(page.scholarships.map((s) => s.scholarshipId)).toEqual(['s2']);
    expect(page.scholarships[0]?.deadline).toBeNull();
  });

  test('throws on an answer of another shape, so that it is never taken for an empty catalogue', () => {
    for (const body of [undefined, 'ok', {}, { scholarships: 'none' }]) {
      expect(() => parseCatalogue(body)).toThrow('without a list of scholarships');
    }
  });
});
