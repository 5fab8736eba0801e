/** A piece of SVG that is safe to put into another. */
export interface Svg {
  readonly markup: string;
}

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element; text and values of attributes are escaped, numbers rounded to a tenth of a pixel. Pure. */
export function el(name: string, attributes: Attributes = {}, ...inside: (Svg | string)[]): Svg {
  const told = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined
      ? []
      : ` ${key}="${typeof value === 'number' ? String(round(value)) : escaped(value)}"`,
  );
  const content = inside.map((part) => (typeof part === 'string' ? escaped(part) : part.markup)).join('');
  return { markup: `<${name}${told.join('')}${content === '' ? '/>' : `>${content}</${name}>`}` };
}

/** A tenth of a pixel is more than an eye sees, and a picture stays small. */
export const round = (value: number): number => Math.round(value * 10) / 10;

/** How wide a text is, pixels, about: there is no font here to ask. */
export const textWidth = (text: string, size = 12): number => text.length * size * 0.56;

const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escaped = (text: string): string => text.replaceAll(/[&<>"]/gu, (sign) => NAMED[sign] ?? sign);
