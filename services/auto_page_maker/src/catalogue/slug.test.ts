import { fieldSlug, parseGroupSlug, regionSlug, SLUG_PATTERN, scholarshipSlug, slugify } from './slug.ts';

describe('slugs of landing pages', () => {
  test.each([
    ['Computer Science', 'computer-science'],
    ['  Études supérieures — Montréal ', 'etudes-superieures-montreal'],
    ['STEM / R&D (2026)', 'stem-r-d-2026'],
    ['奨学金', 'other'],
  ])('%s becomes %s', (text, slug) => {
    expect(slugify(text)).toBe(slug);
  });

  test('two scholarships of one title have two pages, and each keeps its own', () => {
    const a = scholarshipSlug({ id: 'a', title: 'Merit Award' });
    const b = scholarshipSlug({ id: 'b', title: 'Merit Award' });
    expect(a).not.toBe(b);
    expect(scholarshipSlug({ id: 'a', title: 'Merit Award' })).toBe(a);
  });

  test('every slug is one that the route accepts, however long the title is', () => {
    const title = `${'very '.repeat(40)}long`;
    expect(scholarshipSlug({ id: 'x', title })).toMatch(SLUG_PATTERN);
    expect(fieldSlug('computer-science')).toMatch(SLUG_PATTERN);
    expect(slugify(title).length).toBeLessThanOrEqual(60);
  });

  test('a group slug leads back to its group', () => {
    expect(parseGroupSlug(fieldSlug('computer-science'))).toEqual({ by: 'field', word: 'computer-science' });
    expect(parseGroupSlug(regionSlug('ontario'))).toEqual({ by: 'region', word: 'ontario' });
    expect(parseGroupSlug('merit-award-00000000')).toBeUndefined();
  });
});
