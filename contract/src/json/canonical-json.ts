/**
 * The canonical form of a JSON value (RFC 8785): no white space, keys sorted by UTF-16 code units, numbers and
 * strings as ECMAScript writes them. Keys whose value is undefined are left out, as JSON.stringify does.
 * Throws TypeError for what is not JSON: a number that is not finite, a lone surrogate, bigint, function, Date.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return canonicalString(value);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError('canonical JSON: a number is not finite');
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? canonicalArray(value) : canonicalObject(value);
    default:
      throw new TypeError(`canonical JSON: ${typeof value} is not a JSON value`);
  }
}

/** Printable ASCII without quote and backslash stands for itself. */
const PLAIN = /^[ !#-[\]-~]*$/;

function canonicalString(value: string): string {
  if (PLAIN.test(value)) return `"${value}"`;
  if (!value.isWellFormed()) throw new TypeError('canonical JSON: a string has a lone surrogate');
  return JSON.stringify(value);
}

function canonicalArray(values: readonly unknown[]): string {
  let out = '[';
  for (let index = 0; index < values.length; index += 1) {
    out += index === 0 ? canonicalJson(values[index]) : `,${canonicalJson(values[index])}`;
  }
  return `${out}]`;
}

function canonicalObject(value: object): string {
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    throw new TypeError('canonical JSON: an object with toJSON is not a JSON value');
  }
  const record = value as Record<string, unknown>;
  // Without a comparator sort() orders by UTF-16 code units, which is the order that RFC 8785 asks for.
  const keys = Object.keys(record).sort();
  let out = '{';
  for (const key of keys) {
    const member = record[key];
    if (member === undefined) continue;
    if (out.length > 1) out += ',';
    out += `${canonicalString(key)}:${canonicalJson(member)}`;
  }
  return `${out}}`;
}
