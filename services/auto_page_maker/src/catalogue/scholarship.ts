/**
 * A scholarship as the pages show it. `fields` and `regions` are the catalogue's own words (`computer-science`),
 * `deadline` is YYYY-MM-DD, `amount` is ready to print.
 */
export type Scholarship = {
  scholarshipId: string;
  slug: string;
  title: string;
  summary: string;
  fields: string[];
  regions: string[];
  amount: string | null;
  deadline: string | null;
};

const DAY = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});

/** YYYY-MM-DD as people read it: "1 March 2027". */
export function dayInWords(day: string): string {
  return DAY.format(new Date(`${day}T00:00:00Z`));
}
