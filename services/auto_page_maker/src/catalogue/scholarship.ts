
/** A scholarship as the pages show it; `deadline` is YYYY-MM-DD, `amount` is ready to print. */
export type Scholarship = {
  scholarshipId: string;
  slug: string;
  title: string;
  summary: string;
  field: string | null;
  fieldSlug: string | null;
  region: string | null;
  regionSlug: string | null;
  amount: string | null;
  deadline: string | null;
};
