const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Markup that is safe to send as it is. Only `html` and `trusted` make it. */
export class SafeHtml {
  readonly #markup: string;

  constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}

/** What a template takes: text is escaped, markup is not, lists are joined, nothing is empty. */
export type HtmlValue =
  | string
  | number
  | boolean
  | bigint
  | null
  | undefined
  | SafeHtml
  | readonly HtmlValue[];

/**
 * Markup with every inserted value escaped, for text and for *quoted* attribute values.
 * `false`, `null` and `undefined` insert nothing, so that `${condition && html`…`}` reads well.
 * @example html`<a href="${url}">${title}</a>`
 */
export function html(strings: TemplateStringsArray, ...values: HtmlValue[]): SafeHtml {
  return new SafeHtml(strings.map((text, i) => text + render(values[i])).join(''));
}

/** Markup that we wrote ourselves. Never call it with anything that came from outside. */
export function trusted(markup: string): SafeHtml {
  return new SafeHtml(markup);
}

function render(value: HtmlValue): string {
  if (value === null || value === undefined || typeof value === 'boolean')
    return value === true ? 'true' : '';
  if (value instanceof SafeHtml) return value.toString();
  if (typeof value === 'object') return value.map(render).join('');
  return String(value).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}
