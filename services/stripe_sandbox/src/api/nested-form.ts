type Nested = string | Nested[] | { [key: string]: Nested };

const MAX_DEPTH = 8;

/**
 * The nested form of Stripe's bracket notation: `{ 'line_items[0][quantity]': '1' }` → `{ line_items: [{ quantity: '1' }] }`.
 * Keys that count 0, 1, 2 … (or `[]`) make arrays; all leaves stay text. Prototype names are data like any other.
 */
export function nestedForm(flat: Record<string, unknown>): Record<string, unknown> {
  const root: Record<string, unknown> = Object.create(null);
  for (const [key, value] of Object.entries(flat)) {
    for (const one of Array.isArray(value) ? value : [value]) put(root, pathOf(key), one);
  }
  return asArrays(root) as Record<string, unknown>;
}

function pathOf(key: string): string[] {
  const [head = '', ...rest] = key.split('[').slice(0, MAX_DEPTH);
  return [head, ...rest.map((part) => part.replace(/\]$/, ''))];
}

function put(node: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [head = '', ...rest] = path;
  const key = head === '' ? String(Object.keys(node).length) : head;
  if (rest.length === 0) {
    node[key] = value;
    return;
  }
  const next = node[key];
  const child =
    typeof next === 'object' && next !== null ? (next as Record<string, unknown>) : Object.create(null);
  node[key] = child;
  put(child, rest, value);
}

function asArrays(node: unknown): Nested {
  if (typeof node !== 'object' || node === null) return String(node ?? '');
  const entries = Object.entries(node).map(([key, value]) => [key, asArrays(value)] as const);
  const isArray = entries.length > 0 && entries.every(([key], index) => key === String(index));
  return isArray ? entries.map(([, value]) => value) : Object.fromEntries(entries);
}
