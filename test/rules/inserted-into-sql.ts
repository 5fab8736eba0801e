/** A word that only statements have, as they are written here: in capitals. */
const WORD =
  /\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE|ALTER|FROM|WHERE|ORDER BY|SET|LISTEN|NOTIFY|AND|OR|LIKE|ILIKE|IS NULL|ARRAY|VALUES|LIMIT)\b/u;
/** What parts of statements have that hold none of these words: a cast, a comparison, a function of text search. */
const OPERATOR =
  /::[a-z]\w*|@>|<@|@@|\w = ''|\w = \$\d|&&|\|\||(?<![-=])[<>]=|tsquery|tsvector|\bcoalesce\(/u;
/** A constant of ours, a member of one, or a list of constants that is joined. */
const CONSTANT = /^[A-Z][A-Z_0-9]+(?:\.[a-z]\w*|\[\w+\]|\.join\('[^']*'\))?$/u;

/**
 * What a source puts into statements, or into parts of them, as text: by a template, or by a plus beside a text. Constants in
 * capitals are left out. Placeholders (`$1`) are no insertion: what they stand for never becomes part of a statement.
 */
export function insertedIntoSql(source: string): string[] {
  return textsOf(source)
    .filter(({ text }) => WORD.test(text) || OPERATOR.test(text))
    .flatMap(({ inserted }) => inserted.map((expression) => expression.replaceAll(/\s+/gu, ' ').trim()))
    .filter((expression) => !CONSTANT.test(expression));
}

type Text = { text: string; inserted: string[] };

/** The templates and quoted texts of a source, those inside of insertions among them; comments are passed over. */
function textsOf(source: string): Text[] {
  const found: Text[] = [];
  let at = 0;

  function readQuoted(quote: string): void {
    const from = at;
    // None goes beyond its line: a quote within a regular expression opens none.
    for (at += 1; at < source.length && source[at] !== quote && source[at] !== '\n'; at += 1)
      if (source[at] === '\\') at += 1;
    at += 1;
    found.push({ text: source.slice(from + 1, at - 1), inserted: addedTo(source, from, at) });
  }

  /** From `${` to behind its `}`; @returns what stands between. */
  function readInsertion(): string {
    const from = at + 2;
    at = from;
    for (let depth = 1; depth > 0 && at < source.length; ) {
      const sign = source[at];
      if (sign === '`') readTemplate();
      else if (sign === "'" || sign === '"') readQuoted(sign);
      else {
        if (sign === '{') depth += 1;
        if (sign === '}') depth -= 1;
        at += 1;
      }
    }
    return source.slice(from, at - 1);
  }

  function readTemplate(): void {
    const from = at;
    const template: Text = { text: '', inserted: [] };
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
    template.inserted.push(...addedTo(source, from, at));
    found.push(template);
  }

  while (at < source.length) {
    if (source.startsWith('//', at)) at = endOf(source, '\n', at);
    else if (source.startsWith('/*', at)) at = endOf(source, '*/', at);
    else if (source[at] === '`') readTemplate();
    else if (source[at] === "'" || source[at] === '"') readQuoted(source[at] ?? '');
    else at += 1;
  }
  return found;
}

/** What a plus puts before or behind a text; another text is not reported, since it is looked at by itself. */
function addedTo(source: string, from: number, to: number): string[] {
  const before = /(?<added>[^\s;,(=:?{[&|+][^\n;,(=:?{[&|+]*?)\s*\+\s*$/u.exec(
    source.slice(Math.max(0, from - 200), from),
  );
  const behind = /^\s*\+(?!\+)\s*(?<added>[^\s;,+)][^\n;,+)]*)/u.exec(source.slice(to, to + 200));
  return [before, behind]
    .map((match) => match?.groups?.['added']?.trim() ?? '')
    .filter((added) => added !== '' && !/^['"`]|['"`]$/u.test(added));
}

function endOf(source: string, mark: string, from: number): number {
  const at = source.indexOf(mark, from);
  return at < 0 ? source.length : at + mark.length;
}
