/**
 * Where the last whole sentence of a text that is still being said ends, in characters; 0 when none does. A link, a tag or
 * a citation never lies across it.
 */
export function sentencesEnd(text: string): number {
  const ends = [...text.matchAll(/[.!?\]]["')]*\s+|\n+/gu)];
  const last = ends.at(-1);
  return last === undefined ? 0 : last.index + last[0].length;
}
