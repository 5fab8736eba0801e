/** What a passage comes from. */
export type PassageKind = 'guide' | 'scholarship';

/** A piece of text that an answer may rest on. */
export type Passage = {
  /** Its citable source: `guide/<chapter>#<section>` or `scholarships/<id>`. */
  id: string;
  title: string;
  /** Plain text. */
  body: string;
};
