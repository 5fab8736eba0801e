/** Letters alone, and so many that a slip can be told from another word. A word after a minus is not wanted. */
const WORD = /(?<![\p{L}\p{N}_])(?<minus>-?)(?<word>\p{L}{4,40})(?![\p{L}\p{N}_])/gu;

/** Letters that are no others with a mark, as the function `unaccented` of our migrations takes them. */
const PLAIN: Readonly<Record<string, string>> = {
  ...{ ø: 'o', Ø: 'O', ł: 'l', Ł: 'L', đ: 'd', Đ: 'D', ı: 'i', ð: 'd', Ð: 'D', ß: 'ss', æ: 'ae', œ: 'oe' },
};

/** Letters without their accents, in lower case, as the catalogue's words are looked up. */
function plain(word: string): string {
  const bare = word.normalize('NFD').replace(/\p{M}/gu, '');
  return bare.replace(/[øØłŁđĐıðÐßæœ]/g, (letter) => PLAIN[letter] ?? letter).toLowerCase();
}

/** The words of a question that may be misspelt, each once, as the catalogue has words. Pure. */
export function typedWords(q: string): string[] {
  const words = [...q.normalize('NFC').matchAll(WORD)].flatMap(({ groups }) =>
    groups?.['minus'] === '' ? [plain(groups['word'] ?? '')] : [],
  );
  return [...new Set(words)].filter((word) => /^\p{L}{4,40}$/u.test(word));
}

/** A question with some of these words replaced, and everything else (quotes, minus, or) as it stands. Pure. */
export function replaceWords(q: string, by: (word: string) => string | undefined): string {
  return q
    .normalize('NFC')
    .replace(WORD, (whole: string, minus: string, word: string) =>
      minus === '' ? (by(plain(word)) ?? whole) : whole,
    );
}
