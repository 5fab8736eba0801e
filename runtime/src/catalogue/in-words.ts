/** A word of the catalogue as people read it within a sentence: `computer-science` is "computer science". */
export function inWords(word: string): string {
  return word.replaceAll('-', ' ');
}

/** At the beginning of a line: "Computer science". */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A region as people write it: `new-york` is "New York". */
export function regionInWords(word: string): string {
  return word.split('-').map(capitalised).join(' ');
}
