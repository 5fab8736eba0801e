export type TrigramIndex = {
  /** Takes a word up, once. Beyond the bound new words are left out. */
  add(word: string): void;
  /** The words most like this one, the likest first, then by the alphabet; itself is none of them. */
  nearest(word: string, limit: number): string[];
};

/** As pg_trgm's: the share of trigrams that two words have in common, from which on they are alike. */
const LEAST_LIKENESS = 0.3;

/** Far more than the titles of a large catalogue have; with it a look stays within milliseconds and some megabytes. */
const MOST_WORDS = 100_000;

/** Words by their trigrams: which ones share most with another is found without looking at all of them. Pure but for what it keeps. */
export function createTrigramIndex(mostWords = MOST_WORDS): TrigramIndex {
  const words: string[] = [];
  const sizes: number[] = [];
  const known = new Set<string>();
  const places = new Map<string, number[]>();

  return {
    add(word) {
      if (known.has(word) || words.length >= mostWords) return;
      known.add(word);
      const place = words.push(word) - 1;
      const trigrams = trigramsOf(word);
      sizes.push(trigrams.size);
      for (const trigram of trigrams) {
        const list = places.get(trigram);
        if (list === undefined) places.set(trigram, [place]);
        else list.push(place);
      }
    },
    nearest(word, limit) {
      const trigrams = trigramsOf(word);
      const shared = new Map<number, number>();
      for (const trigram of trigrams)
        for (const place of places.get(trigram) ?? []) shared.set(place, (shared.get(place) ?? 0) + 1);
      const alike: { word: string; likeness: number }[] = [];
      for (const [place, count] of shared) {
        const likeness = count / (trigrams.size + (sizes[place] ?? 0) - count);
        const other = words[place] ?? '';
        if (likeness >= LEAST_LIKENESS && other !== word) alike.push({ word: other, likeness });
      }
      return alike
        .sort((a, b) => b.likeness - a.likeness || (a.word < b.word ? -1 : 1))
        .slice(0, limit)
        .map((one) => one.word);
    },
  };
}

/** As pg_trgm takes them: two blanks before the word, one behind it. */
function trigramsOf(word: string): Set<string> {
  const letters = Array.from(`  ${word} `);
  return new Set(letters.slice(2).map((_, i) => letters.slice(i, i + 3).join('')));
}
