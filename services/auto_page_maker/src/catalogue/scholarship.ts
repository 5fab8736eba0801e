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

/** The catalogue's word as people read it: `computer-science` is "Computer science". */
export function inWords(word: string): string {
  const text = word.replaceAll('-', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
