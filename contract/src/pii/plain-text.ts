const ESCAPED = /%[0-9a-f]{2}/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the question is whether there is anything beyond ASCII.
const BEYOND_ASCII = /[^\u0000-\u007f]/;
const INVISIBLE = /[\u00ad\u200b-\u200f\u2060\ufeff]/g;
const DASHES = /[\u2010-\u2015\u2212]/g;

/**
 * The text as a reader would see it: %40 is "@" (a source is often a URL), full-width digits are digits, dashes are
 * dashes, and what cannot be seen is not there. ASCII without "%" is returned as it is.
 */
export function plainText(text: string): string {
  const decoded = text.includes('%') && ESCAPED.test(text) ? decode(text) : text;
  if (!BEYOND_ASCII.test(decoded)) return decoded;
  return decoded.normalize('NFKC').replace(INVISIBLE, '').replace(DASHES, '-');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(/%([2-7][0-9a-f])/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  }
}
