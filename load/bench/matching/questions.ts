import type { Profile } from '../../../services/scholarship_agent/src/matching/profile.ts';
import type { Filters } from '../../../services/scholarship_api/src/catalogue/search-query.ts';

/** Who asks for matches: from somebody who says nothing, for whom least is filtered, to one who says everything. */
export const PROFILES: Readonly<Record<string, Profile>> = {
  'says nothing': {},
  'a field': { field: 'law' },
  'a level and a GPA': { degree: 'bachelor', gpa: 4 },
  'says everything': {
    ...{ degree: 'bachelor', field: 'physics', region: 'texas', citizenship: 'US' },
    ...{ gpa: 3.4, income_band: 2, age: 19 },
  },
};

/** What is asked of the catalogue of scholarship_api. */
export const SEARCHES: Readonly<Record<string, Filters>> = {
  'nothing asked': {},
  words: { q: 'rural practice' },
  'field and region': { field: 'physics', region: 'texas' },
  'words and a person': {
    ...({ q: 'robotics', degree: 'bachelor', citizenship: 'US' } as const),
    ...{ gpa: 3.1, income_band: 3, age: 19 },
  },
};
