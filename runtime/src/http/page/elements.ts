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

export type Field = {
  name: string;
  label: string;
  type?: 'text' | 'email' | 'password' | 'number' | 'url' | 'search' | 'date';
  value?: string | number | undefined;
  /** What is wrong with the value, said beside it. */
  error?: string | undefined;
  hint?: string | undefined;
  required?: boolean;
  autocomplete?: string;
  /** For numbers in a `text` field: browsers judge `number` by their own locale, the server says the same to everybody. */
  inputmode?: 'decimal' | 'numeric';
  maxlength?: number;
  /** Makes it a select. */
  options?: readonly { value: string; text: string }[];
  /** Makes it a text area. */
  rows?: number;
};

/**
 * A labelled control that keeps its value; its hint and what is wrong with it are read out with it. Of those with an
 * error the first has the keyboard when the page comes.
 */
export function field(input: Field): SafeHtml {
  const { name, label, hint, error, required, maxlength } = input;
  const id = `field-${name}`;
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ');
  const attributes = html` id="${id}" name="${name}"${required && html` required`}${
    error && html` aria-invalid="true"`
  }${described && html` aria-describedby="${described}"`}${maxlength && html` maxlength="${maxlength}"`}${error && html` autofocus`}`;
  return html`<div class="field"><label for="${id}">${label}</label>
${control(input, attributes)}
${hint && html`<small id="${id}-hint">${hint}</small>`}${error && html`<small class="error" id="${id}-error">${error}</small>`}</div>`;
}

/** A group of boxes to tick, each with the same name; none ticked means none. */
export function checkboxes(group: {
  name: string;
  legend: string;
  options: readonly { value: string; text: string }[];
  chosen: readonly string[];
  hint?: string | undefined;
  error?: string | undefined;
}): SafeHtml {
  const { name, legend, options, chosen, hint, error } = group;
  const described = [error && `field-${name}-error`, hint && `field-${name}-hint`].filter(Boolean).join(' ');
  const boxes = options.map(
    ({ value, text }) =>
      html`<label class="choice"><input type="checkbox" name="${name}" value="${value}"${chosen.includes(value) && html` checked`}> ${text}</label>`,
  );
  return html`<fieldset class="field"${described && html` aria-describedby="${described}"`}><legend>${legend}</legend>
<div class="row">${boxes}</div>
${hint && html`<small id="field-${name}-hint">${hint}</small>`}${error && html`<small class="error" id="field-${name}-error">${error}</small>`}</fieldset>`;
}

function control(input: Field, attributes: SafeHtml): SafeHtml {
  const { type = 'text', value, autocomplete, inputmode, options, rows } = input;
  if (options) {
    const choices = options.map(
      (option) =>
        html`<option value="${option.value}"${option.value === value && html` selected`}>${option.text}</option>`,
    );
    return html`<select${attributes}>${choices}</select>`;
  }
  if (rows) return html`<textarea${attributes} rows="${rows}">${value}</textarea>`;
  return html`<input${attributes} type="${type}" value="${value}"${
    autocomplete && html` autocomplete="${autocomplete}"`
  }${inputmode && html` inputmode="${inputmode}"`}>`;
}
