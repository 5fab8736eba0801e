/** What stands where a link was. */
const LEFT_OUT = '(link left out)';

/**
 * Text of others as plain text on one line: tags, Markdown links, addresses of pages and characters that nobody sees are
 * taken out, so that what we quote cannot lead anybody anywhere.
 */
export function plainText(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Co}\p{Cn}]/gu, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/gu, '$1')
    .replace(/<(?:[a-z!/?])[^>]*>?/giu, ' ')
    .replace(/\b(?:[a-z][a-z0-9+.-]*:\/\/|www\.|javascript:|data:(?=\S)|mailto:)\S*/giu, LEFT_OUT)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}
