/** Of an element in quotes PostgreSQL reads these two escaped (manual, "Array Input and Output Syntax"). */
const ESCAPED = /["\\]/;

/** A text array as PostgreSQL reads it. Written here, because pg's own way costs an event as much as its checks. */
export function textArray(elements: readonly (string | null)[]): string {
  let out = '{';
  for (let index = 0; index < elements.length; index += 1) {
    if (index > 0) out += ',';
    out += quoted(elements[index] ?? null);
  }
  return `${out}}`;
}

/** The same of elements that hold nothing but letters, digits and hyphens: uuids, numbers, `true` and `false`. */
export function plainArray(elements: readonly (string | number | boolean)[]): string {
  return `{${elements.join(',')}}`;
}

/** Bytes in PostgreSQL's hex form; its backslash is escaped, because it stands in an array. */
export function byteaArray(elements: readonly Buffer[]): string {
  return `{${elements.map((bytes) => `\\\\x${bytes.toString('hex')}`).join(',')}}`;
}

function quoted(text: string | null): string {
  if (text === null) return 'NULL';
  return ESCAPED.test(text) ? `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"` : `"${text}"`;
}
