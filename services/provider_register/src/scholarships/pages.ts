import { DEGREE_LEVELS } from '@scholar/runtime/catalogue';
import {
  badge,
  card,
  checkboxes,
  dataTable,
  type Field,
  field,
  html,
  notice,
  type SafeHtml,
} from '@scholar/runtime/http';
import { formatMoney } from '@scholar/runtime/money';
import { CHANGE_PASSWORD_LINK } from '@scholar/runtime/sign-in';
import type { Scholarship } from './catalogue-api.ts';
import { CURRENCIES, type ScholarshipForm, type TextField } from './scholarship-form.ts';

/** What a page says above everything else. */
export type Said = { kind: 'info' | 'good' | 'bad'; text: string };

export const CATALOGUE_AWAY: Said = {
  kind: 'bad',
  text: 'The catalogue cannot be reached just now. Your scholarships are safe: please try again in a moment.',
};

export const NOT_SAVED: Said = {
  kind: 'bad',
  text: 'This could not be saved just now: the catalogue cannot be reached. What you entered is still below: please try again in a moment.',
};

export const OUTDATED: Said = {
  kind: 'bad',
  text: 'Somebody else has changed this scholarship meanwhile, and nothing of yours is saved yet. What you entered is still below: save again to put it in the place of theirs, or open the scholarship anew from your list to see it.',
};

export const SAVED_BEFORE: Said = {
  kind: 'info',
  text: 'You have saved this scholarship before, and it says something else. What you entered is below: save again to put it in the place of what is stored, or open the scholarship anew from your list to see that.',
};

const WORDS: Record<Scholarship['status'], SafeHtml> = {
  draft: badge('unknown', 'draft'),
  published: badge('green', 'published'),
  expired: badge('red', 'ended'),
};

/** All of a provider's scholarships. `scholarships` is undefined while they cannot be had. */
export function listPage(page: {
  scholarships: readonly Scholarship[] | undefined;
  left: number | undefined;
  said: Said | undefined;
}): SafeHtml {
  const { scholarships, left, said } = page;
  return html`<h1>Your scholarships</h1>
${said && notice(said.kind, said.text)}
${left !== undefined && html`<p class="lead">${listingsSentence(left)}</p>`}
<p class="row"><a class="button" href="/scholarships/new">Write a scholarship</a><a class="button quiet" href="/payments">Payments</a></p>
${scholarships && (scholarships.length === 0 ? card(html`<p>There is none yet. Write one and keep it as a draft: nobody sees it until you publish it.</p>`) : table(scholarships))}
${CHANGE_PASSWORD_LINK}
<form method="post" action="/logout"><button class="quiet">Sign out</button></form>`;
}

function listingsSentence(left: number): SafeHtml {
  if (left === 0)
    return html`Each published scholarship needs a listing. <a href="/payments">Pay for a listing</a> to publish one more.`;
  return html`You may publish ${left === 1 ? 'one more scholarship' : `${left} more scholarships`}.`;
}

function table(scholarships: readonly Scholarship[]): SafeHtml {
  return dataTable({
    caption: 'What you have written',
    head: ['Title', 'Status', 'Amount', 'Apply by'],
    rows: scholarships.map(({ id, title, status, amount_cents, currency, deadline }) => [
      html`<a href="/scholarships/${id}">${title}</a>`,
      WORDS[status],
      formatMoney(amount_cents, currency, 'amount'),
      deadline ?? 'any time',
    ]),
  });
}

/** The form of a scholarship, new or stored, with what can be done to it. */
export function formPage(page: {
  /** `status` is undefined while it cannot be had. */
  scholarship:
    | { id: string; status: Scholarship['status'] | undefined; revision?: number | undefined }
    | undefined;
  /** Of a new one: the form sent twice is one scholarship. */
  key?: string;
  form: ScholarshipForm;
  said: Said | undefined;
}): SafeHtml {
  const { scholarship, key, form, said } = page;
  const title = scholarship ? 'Your scholarship' : 'A new scholarship';
  const wrong = Object.keys(form.errors).length > 0;
  const action = scholarship ? `/scholarships/${scholarship.id}` : '/scholarships';
  return html`<p><a href="/scholarships">All your scholarships</a></p>
<h1>${title}</h1>
${said && notice(said.kind, said.text)}
${wrong && notice('bad', form.errors[''] ?? 'Nothing was saved yet: please look at what is marked below.')}
${scholarship?.status && html`<p>${WORDS[scholarship.status]} ${STATE[scholarship.status]}</p>`}
<form class="card" method="post" action="${action}" novalidate>${scholarship?.revision !== undefined && html`<input type="hidden" name="revision" value="${scholarship.revision}">`}${!scholarship && key !== undefined && html`<input type="hidden" name="key" value="${key}" autocomplete="off">`}${fields(form)}
<div class="row">${buttons(scholarship ? scholarship.status : 'new')}</div></form>
${scholarship && endings(scholarship)}`;
}

const STATE: Record<Scholarship['status'], string> = {
  draft: 'Only you see it.',
  published: 'Everybody finds it. What you save here is seen at once.',
  expired: 'Nobody finds it any more.',
};

function buttons(status: Scholarship['status'] | 'new' | undefined): SafeHtml {
  if (status === 'published' || status === undefined) return html`<button>Save</button>`;
  const save = status === 'expired' ? 'Save' : 'Save the draft';
  const publish = status === 'expired' ? 'Save and publish again' : 'Save and publish';
  return html`<button name="intent" value="keep">${save}</button><button class="quiet" name="intent" value="publish">${publish}</button>`;
}

/** Behind one more step, for there is no way back. */
function endings({
  id,
  status,
}: {
  id: string;
  status: Scholarship['status'] | undefined;
}): SafeHtml | undefined {
  if (status === 'draft')
    return html`<details><summary>Delete this draft</summary><form method="post" action="/scholarships/${id}/delete"><button class="quiet">Delete it for good</button></form></details>`;
  if (status === 'published')
    return html`<details><summary>End this scholarship</summary><form method="post" action="/scholarships/${id}/end"><button class="quiet">End it now</button></form></details>`;
  return undefined;
}

const NO_LIMIT = { value: '', text: 'Not looked at' };
const BANDS = ['1', '2', '3', '4', '5'].map((value) => ({
  value,
  text: value === '1' ? 'The lowest fifth only' : value === '5' ? 'All fifths' : `Up to fifth ${value}`,
}));

/** Those that a form offers, and the one that a program wrote: saving must not change it unseen. */
function currencies({ values }: ScholarshipForm): string[] {
  return [
    ...new Set([...CURRENCIES, ...(/^[A-Z]{3}$/.test(values.currency ?? '') ? [values.currency ?? ''] : [])]),
  ];
}

function fields(form: ScholarshipForm): SafeHtml {
  const text = (input: Omit<Field, 'name'> & { name: TextField }) =>
    field({ ...input, value: form.values[input.name], error: form.errors[input.name] });
  return html`
${text({ name: 'title', label: 'Title', required: true, maxlength: 200 })}
${text({ name: 'description', label: 'Description', required: true, rows: 5, maxlength: 5000, hint: 'What it is for, who may have it, how to apply.' })}
${text({ name: 'url', label: 'Where to apply (optional)', type: 'url', hint: 'An address that begins with https://' })}
${text({ name: 'amount_cents', label: 'Amount', required: true, inputmode: 'decimal' })}
${text({ name: 'currency', label: 'Currency', options: currencies(form).map((value) => ({ value, text: value })) })}
${text({ name: 'deadline', label: 'Last day to apply (optional)', type: 'date', hint: 'Empty means at any time.' })}
<h2>Who may apply</h2>
<p class="fine">What you leave empty is open to everybody.</p>
${checkboxes({
  name: 'degree_levels',
  legend: 'Level of study',
  options: DEGREE_LEVELS.map((value) => ({ value, text: value.replaceAll('-', ' ') })),
  chosen: form.degreeLevels,
  error: form.errors['degree_levels'],
})}
${text({ name: 'fields_of_study', label: 'Fields of study', hint: 'With commas, for example: nursing, computer science' })}
${text({ name: 'regions', label: 'Regions', hint: 'With commas, for example: new york, ontario' })}
${text({ name: 'citizenships', label: 'Citizenships', hint: 'Country codes of two letters, for example: US, CA' })}
${text({ name: 'min_gpa', label: 'Least GPA', inputmode: 'decimal', hint: 'On the scale of 4.0' })}
${text({ name: 'max_income_band', label: 'Family income', options: [NO_LIMIT, ...BANDS] })}
${text({ name: 'min_age', label: 'Least age', inputmode: 'numeric' })}
${text({ name: 'max_age', label: 'Greatest age', inputmode: 'numeric' })}`;
}
