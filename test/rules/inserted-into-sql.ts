/** A word that only statements have, as they are written here: in capitals. */
const STATEMENT =
  /\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE|ALTER|FROM|WHERE|ORDER BY|SET|LISTEN|NOTIFY)\b/u;
/** A constant of ours, a member of one, or a list of constants that is joined. */
const CONSTANT = /^[A-Z][A-Z_0-9]+(?:\.[a-z]\w*|\[\w+\]|\.join\('[^']*'\))?$/u;

/**
 * What a source puts into statements as text, constants in capitals left out. Placeholders (`$1`) are no insertion: what
 * they stand for never becomes part of a statement.
 */
export function insertedIntoSql(source: string): string[] {
  return templatesOf(source)
    .filter(({ text }) => STATEMENT.test(text))
    .flatMap(({ inserted }) => inserted.map((expression) => expression.replaceAll(/\s+/gu, ' ').trim()))
    .filter((expression) => !CONSTANT.test(expression));
}

type Template = { text: string; inserted: string[] };

/** The template literals of a source, those inside of insertions among them; comments and quoted texts are passed over. */
function templatesOf(source: string): Template[] {
  const found: Template[] = [];
  let at = 0;

  function passQuoted(quote: string): void {
    for (at += 1; at < source.length && source[at] !== quote; at += 1) if (source[at] === '\\') at += 1;
    at += 1;
  }

  /** From `${` to behind its `}`; @returns what stands between. */
  function readInsertion(): string {
    const from = at + 2;
    at = from;
    for (let depth = 1; depth > 0 && at < source.length; ) {
      const sign = source[at];
      if (sign === '`') readTemplate();
      else if (sign === "'" || sign === '"') passQuoted(sign);
      else {
        if (sign === '{') depth += 1;
        if (sign === '}') depth -= 1;
        at += 1;
      }
    }
    return source.slice(from, at - 1);
  }

  function readTemplate(): void {
    const template: Template = { text: '', inserted: [] };
    at += 1;
    while (at < source.length && source[at] !== '`') {
      if (source.startsWith('${', at)) {
        template.inserted.push(readInsertion());
        continue;
      }
      if (source[at] === '\\') at += 1;
      template.text += source[at];
      at += 1;
    }
    at += 1;
    found.push(template);
  }

  while (at < source.length) {
    if (source.startsWith('//', at)) at = endOf(source, '\n', at);
    else if (source.startsWith('/*', at)) at = endOf(source, '*/', at);
    else if (source[at] === '`') readTemplate();
    else if (source[at] === "'" || source[at] === '"') passQuoted(source[at] ?? '');
    else at += 1;
  }
  return found;
}

function endOf(source: string, mark: string, from: number): number {
  const at = source.indexOf(mark, from);
  return at < 0 ? source.length : at + mark.length;
}
