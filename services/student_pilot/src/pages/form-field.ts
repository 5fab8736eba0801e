import { html, type SafeHtml } from '@scholar/runtime/http';

export type FormField = {
  name: string;
  label: string;
  type?: 'text' | 'email' | 'password';
  value?: string | undefined;
  /** What is wrong with the value, said beside it. */
  error?: string | undefined;
  hint?: string | undefined;
  required?: boolean;
  autocomplete?: string;
  inputmode?: 'decimal' | 'numeric';
  maxlength?: number;
  /** Makes it a select. */
  options?: readonly { value: string; text: string }[];
  /** Makes it a text area. */
  rows?: number;
};

/**
 * A labelled control that keeps its value and says what is wrong beside it, tied to it for screen readers. Types that
 * browsers judge by their own locale (number) are left to the server, which says the same to everybody.
 */
export function formField(field: FormField): SafeHtml {
  const { name, label, hint, error } = field;
  const id = `field-${name}`;
  const about = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ');
  const attributes = html` id="${id}" name="${name}"${field.required && html` required`}${
    error && html` aria-invalid="true"`
  }${about && html` aria-describedby="${about}"`}${field.maxlength && html` maxlength="${field.maxlength}"`}`;
  return html`<div class="field"><label for="${id}">${label}</label>
${control(field, attributes)}
${error && html`<p class="notice bad" id="${id}-error">${error}</p>`}
${hint && html`<small id="${id}-hint">${hint}</small>`}</div>`;
}

function control(field: FormField, attributes: SafeHtml): SafeHtml {
  const { type = 'text', value, options, rows, autocomplete, inputmode } = field;
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
