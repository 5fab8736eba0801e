/** Levels of study, as scholarship_api's catalogue and whoever reads or searches it name them. */
export const DEGREE_LEVELS = [
  'high-school',
  'vocational',
  'associate',
  'bachelor',
  'master',
  'doctorate',
] as const;

export type DegreeLevel = (typeof DEGREE_LEVELS)[number];
