import { PROFILE_KEYS, type Profile, type ProfileForm, readProfileForm } from '../profile/profile.ts';

/** The lists by which the catalogue narrows and counts, by the names of scholarship_api. */
export const FACETS = ['field', 'degree', 'region', 'citizenship'] as const;
export type FacetName = (typeof FACETS)[number];

/** What a person asks of the catalogue. */
export type Asked = { q: string; profile: Profile; cursor: string | undefined };

/** A question as it came, with what is wrong; `asked` is undefined then. */
export type SearchForm = ProfileForm & { q: string; qError: string | undefined; asked: Asked | undefined };

const MOST_LETTERS = 200;

/** Judges the query of the page. Every part of it is optional. */
export function readSearch(query: Record<string, unknown>): SearchForm {
  const q = typeof query['q'] === 'string' ? query['q'].trim() : '';
  const cursor = typeof query['cursor'] === 'string' && query['cursor'] !== '' ? query['cursor'] : undefined;
  const { profile, form } = readProfileForm(query);
  const qError =
    q.length > MOST_LETTERS ? `This has to be at most ${MOST_LETTERS} characters long.` : undefined;
  const asked = profile && !qError ? { q, profile: inTheirWords(profile), cursor } : undefined;
  return { ...form, q, qError, asked };
}

/** The catalogue writes fields and regions in lower case with hyphens. */
function inTheirWords({ field, region, ...rest }: Profile): Profile {
  const word = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-');
  return {
    ...rest,
    ...(field === undefined ? {} : { field: word(field) }),
    ...(region === undefined ? {} : { region: word(region) }),
  };
}

/** A question as scholarship_api takes it, and as our own addresses say it. */
export function toQuery({ q, profile, cursor }: Asked): Record<string, string> {
  const said = PROFILE_KEYS.flatMap((key) =>
    profile[key] === undefined ? [] : [[key, String(profile[key])] as const],
  );
  return { ...(q === '' ? {} : { q }), ...Object.fromEntries(said), ...(cursor ? { cursor } : {}) };
}

export const SEARCH_PATH = '/scholarships';

/** The address of a search that differs in `change`, from its first page unless `change` names another. */
export function hrefOf(
  asked: Asked,
  change: Partial<Record<FacetName | 'cursor', string | undefined>> = {},
): string {
  const query = Object.entries({ ...toQuery({ ...asked, cursor: undefined }), ...change });
  const said = query.filter((entry): entry is [string, string] => entry[1] !== undefined);
  return said.length === 0 ? SEARCH_PATH : `${SEARCH_PATH}?${new URLSearchParams(said)}`;
}
