/** Says what a value is by its type or length, and never by its content: reports travel where values must not. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `array of ${value.length}`;
  if (typeof value === 'string') return describeText(value);
  if (typeof value === 'number') return describeNumber(value);
  if (typeof value === 'object') return `object with ${Object.keys(value).length} keys`;
  return typeof value;
}

function describeText(value: string): string {
  if (!value.isWellFormed()) return `text of ${value.length} characters with a lone surrogate`;
  if (value.includes('\0')) return `text of ${value.length} characters with U+0000`;
  return `text of ${value.length} characters`;
}

function describeNumber(value: number): string {
  if (!Number.isFinite(value)) return 'number beyond the range of a double';
  if (!Number.isInteger(value)) return 'number with a fraction';
  if (!Number.isSafeInteger(value)) return 'integer beyond 2^53';
  return value < 0 ? 'negative integer' : 'integer';
}
