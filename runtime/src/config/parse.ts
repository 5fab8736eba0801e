import type { Parsed } from './setting.ts';

const INTEGER = /^[+-]?\d{1,15}$/;
const DURATION = /^(\d{1,12}(?:\.\d{1,3})?)(ms|s|m|h|d)?$/;
const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

const yes = <T>(value: T): Parsed<T> => ({ ok: true, value });
const no = (expected: string): Parsed<never> => ({ ok: false, expected });

/** One parser per kind of setting. Pure; what they expected is a phrase that follows "expected". */
export const parsers = {
  string: (raw: string): Parsed<string> => yes(raw),

  int(raw: string, { min, max }: { min?: number; max?: number }): Parsed<number> {
    const value = INTEGER.test(raw.trim()) ? Number(raw) : Number.NaN;
    const inRange = value >= (min ?? -Infinity) && value <= (max ?? Infinity);
    return inRange ? yes(value) : no(`a whole number${describeRange(min, max)}`);
  },

  boolean(raw: string): Parsed<boolean> {
    const word = raw.trim().toLowerCase();
    if (word === 'true' || word === '1') return yes(true);
    if (word === 'false' || word === '0') return yes(false);
    return no('true, false, 1 or 0');
  },

  duration(raw: string): Parsed<number> {
    const match = DURATION.exec(raw.trim());
    if (!match) return no('a duration: milliseconds, or a number with ms, s, m, h or d');
    const unit = (match[2] ?? 'ms') as keyof typeof UNIT_MS;
    return yes(Math.round(Number(match[1]) * UNIT_MS[unit]));
  },

  oneOf<V extends string>(raw: string, values: readonly V[]): Parsed<V> {
    const value = values.find((candidate) => candidate === raw.trim());
    return value === undefined ? no(`one of ${values.join(', ')}`) : yes(value);
  },

  url(raw: string, protocols: readonly string[] = ['http:', 'https:']): Parsed<string> {
    const text = raw.trim();
    const schemes = protocols.map((protocol) => `${protocol}//`).join(' or ');
    if (!URL.canParse(text) || !protocols.includes(new URL(text).protocol)) {
      return no(`an absolute URL that begins with ${schemes}`);
    }
    return yes(text.replace(/\/+$/, ''));
  },
};

function describeRange(min: number | undefined, max: number | undefined): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return ` of at least ${min}`;
  return max === undefined ? '' : ` of at most ${max}`;
}
