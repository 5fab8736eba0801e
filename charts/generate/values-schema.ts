/** JSON Schema (draft-07, what Helm reads) of one values.yaml, out of the file itself: defaults tell types, comments the rest. */
export type Schema = Record<string, unknown> & {
  type?: string;
  description?: string;
  properties?: Record<string, Schema>;
};

type Line = {
  indent: number;
  key: string;
  value: string;
  description: string;
  hints: Record<string, unknown>;
};

/** What the first comment line above a key looks like; `# @schema {…}` stands before it. */
const DESCRIPTION = /^#\s*--\s*(.*)$/;
const HINTS = /^#\s*@schema\s+(\{.*\})$/;
const ENTRY = /^([A-Za-z_][\w-]*):(?:\s+(.*))?$/;

/**
 * Reads the subset of YAML that our values files are written in: block maps of keys, flow values on one line.
 * @throws Error naming the line that is outside of it, or has no description.
 */
export function valuesSchema(text: string, title: string): Schema {
  const lines = parseLines(text);
  const root = mapOf(lines, 0, lines.length, 0);
  return { $schema: 'http://json-schema.org/draft-07/schema#', title, ...root };
}

function parseLines(text: string): Line[] {
  const lines: Line[] = [];
  let comments: string[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const content = raw.trim();
    if (content === '') comments = [];
    else if (content.startsWith('#')) comments.push(content);
    else {
      lines.push(parseLine(raw, comments, index + 1));
      comments = [];
    }
  }
  return lines;
}

function parseLine(raw: string, comments: readonly string[], number: number): Line {
  const content = raw.trim();
  const [, key, value = ''] = ENTRY.exec(content) ?? [];
  if (key === undefined)
    throw new Error(`line ${number}: "${content}" is no \`key: value\`; write it on one line`);
  const hint = comments.map((comment) => HINTS.exec(comment)?.[1]).find((json) => json !== undefined);
  const start = comments.findIndex((comment) => DESCRIPTION.test(comment));
  const description = start < 0 ? '' : sentence(comments.slice(start));
  return {
    indent: raw.length - raw.trimStart().length,
    key,
    value,
    description,
    hints: hint === undefined ? {} : (JSON.parse(hint) as Record<string, unknown>),
  };
}

function sentence(comments: readonly string[]): string {
  return comments
    .map((comment) => comment.replace(DESCRIPTION, '$1').replace(/^#\s*/, ''))
    .join(' ')
    .trim();
}

/** The map that the lines from `from` to `to` make up, all of them deeper than or at `indent`. Closed unless hinted. */
function mapOf(lines: readonly Line[], from: number, to: number, indent: number): Schema {
  const properties: Record<string, Schema> = {};
  for (let at = from; at < to; ) {
    const line = lines[at];
    if (line === undefined || line.indent !== indent)
      throw new Error(`${line?.key ?? 'end'}: the indentation is not understood`);
    let end = at + 1;
    while (end < to && (lines[end]?.indent ?? 0) > indent) end += 1;
    properties[line.key] = schemaOf(line, lines, at + 1, end);
    at = end;
  }
  return { type: 'object', additionalProperties: false, properties };
}

function schemaOf(line: Line, lines: readonly Line[], from: number, to: number): Schema {
  const description = line.description === '' ? {} : { description: line.description };
  const inner = lines[from];
  if (line.value === '' && inner !== undefined && from < to) {
    const inside = 'properties' in line.hints ? { type: 'object' } : mapOf(lines, from, to, inner.indent);
    return { ...description, ...inside, ...line.hints };
  }
  if (line.description === '' && line.key !== 'enabled')
    throw new Error(`${line.key}: no description; write \`# -- …\` above it`);
  return { ...description, ...leafOf(line.value), ...line.hints };
}

/** What a default tells about a value: maps and lists on one line are the user's to fill, so they stay open. */
function leafOf(value: string): Schema {
  if (value.startsWith('{')) return { type: 'object' };
  if (value.startsWith('[')) return { type: 'array' };
  if (value === 'true' || value === 'false') return { type: 'boolean' };
  if (/^-?\d+$/.test(value)) return { type: 'integer' };
  return { type: 'string' };
}
