import { type HtmlValue, html, type SafeHtml } from './html.ts';

/** A verdict as a coloured word. The word is always there: colour alone tells nothing to some people. */
export function badge(verdict: 'green' | 'red' | 'unknown', text: string = verdict): SafeHtml {
  return html`<span class="badge ${verdict}">${text}</span>`;
}

/** A box with an optional heading. */
export function card(body: HtmlValue, heading?: string): SafeHtml {
  return html`<section class="card">${heading && html`<h2>${heading}</h2>`}${body}</section>`;
}

/** A message above the content. */
export function notice(kind: 'info' | 'good' | 'bad', text: HtmlValue): SafeHtml {
  return html`<p class="notice ${kind}" role="${kind === 'bad' ? 'alert' : 'status'}">${text}</p>`;
}

/** A table that scrolls sideways by itself on a narrow screen. */
export function dataTable(table: {
  caption?: string;
  head: readonly HtmlValue[];
  rows: readonly (readonly HtmlValue[])[];
}): SafeHtml {
  const { caption, head, rows } = table;
  return html`<div class="scroll" tabindex="0"><table>${caption && html`<caption>${caption}</caption>`}
<thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell, column) => html`<td data-label="${head[column]}">${cell}</td>`)}</tr>`)}</tbody></table></div>`;
}

/** A labelled input. `options` makes it a select, `rows` a text area; `error` stands beside it and is read out with it. */
export function field(input: {
  name: string;
  label: string;
  type?: 'text' | 'email' | 'password' | 'number' | 'url' | 'search';
  value?: string | number | undefined;
  required?: boolean;
  hint?: string;
  error?: string | undefined;
  autocomplete?: string;
  options?: readonly { value: string; text: string }[];
  rows?: number;
}): SafeHtml {
  const { name, label, hint, error, required } = input;
  const id = `field-${name}`;
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  const attributes = html` id="${id}" name="${name}"${required && html` required`}${
    error && html` aria-invalid="true"`
  }${described !== '' && html` aria-describedby="${described}"`}`;
  return html`<div class="field"><label for="${id}">${label}</label>
${control(input, attributes)}
${hint && html`<small id="${id}-hint">${hint}</small>`}${error && html`<small class="error" id="${id}-error">${error}</small>`}</div>`;
}

function control(input: Parameters<typeof field>[0], attributes: SafeHtml): SafeHtml {
  const { type = 'text', value, autocomplete, options, rows } = input;
  if (options) {
    const choices = options.map(
      (option) =>
        html`<option value="${option.value}"${option.value === value && html` selected`}>${option.text}</option>`,
    );
    return html`<select${attributes}>${choices}</select>`;
  }
  if (rows) return html`<textarea${attributes} rows="${rows}">${value}</textarea>`;
  const complete = autocomplete ? html` autocomplete="${autocomplete}"` : undefined;
  return html`<input${attributes} type="${type}" value="${value}"${complete}>`;
}
