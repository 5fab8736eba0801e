import { badge, card, field, html, notice, type SafeHtml } from '@scholar/runtime/http';
import { formatMoney } from '@scholar/runtime/money';
import { limitFields } from '../profile/profile-fields.ts';
import { type Asked, FACETS, hrefOf, SEARCH_PATH, type SearchForm } from './asked.ts';
import type { Scholarship } from './catalogue-answer.ts';
import type { Found } from './catalogue-search.ts';
import { chosenLinks, facetLinks } from './facet-links.ts';
import { whoMayApply } from './who-may-apply.ts';

export const TITLE = 'Scholarships';

/** The form with what was asked, and below it what was found; without `found` the catalogue could not be asked. */
export function searchPage(form: SearchForm, found: Found | undefined): SafeHtml {
  return html`<h1>${TITLE}</h1>
<p class="lead">Everything that is open just now. <a href="/matches">Your matches</a> say what fits you, and why.</p>
${searchForm(form)}
${form.asked ? answer(form.asked, found) : notice('bad', 'Nothing was searched yet: please look at what is marked above.')}`;
}

function searchForm(form: SearchForm): SafeHtml {
  const { q, qError, values, errors } = form;
  const brings = [values.gpa, values.income_band, values.age].some((value) => value?.trim());
  const hint = 'Words, or the beginning of one; "a phrase"; -without; this or that';
  return html`<form class="card" method="get" action="${SEARCH_PATH}" role="search">
${field({ name: 'q', label: 'Search', type: 'search', value: q, error: qError, hint })}
<details${brings && html` open`}><summary>What you bring</summary>${limitFields({ values, errors })}</details>
${FACETS.map((name) => values[name] && html`<input type="hidden" name="${name}" value="${values[name]}">`)}
<button>Search</button></form>`;
}

function answer(asked: Asked, found: Found | undefined): SafeHtml {
  if (found === undefined) {
    const text =
      'The catalogue is not available just now. What you entered is kept: please try again in a moment.';
    return html`${chosenLinks(asked)}${notice('bad', text)}`;
  }
  const { list, counts } = found;
  return html`${chosenLinks(asked)}${counts && facetLinks(asked, counts)}
${list.scholarships.length === 0 ? nothing(asked, list.did_you_mean) : results(asked, found)}`;
}

function nothing(asked: Asked, meant: string | undefined): SafeHtml {
  if (asked.cursor !== undefined) {
    const text = html`There is nothing more. <a href="${hrefOf(asked)}">Back to the first page</a>.`;
    return notice('info', text);
  }
  if (meant) {
    const link = html`<a href="${hrefOf({ ...asked, q: meant })}">${meant}</a>`;
    return notice('info', html`Nothing in the catalogue has these words. Did you mean ${link}?`);
  }
  const text = html`Nothing in the catalogue fits all of this just now. Take something away, or <a href="${SEARCH_PATH}">begin again</a>.`;
  return notice('info', text);
}

function results(asked: Asked, { list, counts }: Found): SafeHtml {
  const total = counts && (counts.total === 1 ? 'One scholarship' : `${counts.total} scholarships`);
  const order = asked.q === '' ? 'the earliest deadline first' : 'the best match first';
  const more = list.next_cursor;
  return html`<p role="status">${total ?? 'What was found'}, ${order}.</p>
<div class="grid">${list.scholarships.map(result)}</div>
<p class="row">${asked.cursor && html`<a class="button quiet" href="${hrefOf(asked)}">First page</a> `}${
    more && html`<a class="button" rel="next" href="${hrefOf(asked, { cursor: more })}">Next page</a>`
  }</p>`;
}

function result(one: Scholarship): SafeHtml {
  const { title, description, url, deadline, sample } = one;
  const until = deadline === null ? 'at any time' : `until ${inFull(deadline)}`;
  const link = url !== null && /^https?:\/\//.test(url) ? url : undefined;
  return card(
    html`<p><strong>${formatMoney(one.amount_cents, one.currency, 'amount')}</strong>, applications ${until}${sample && html` ${badge('unknown', 'sample')}`}</p>
<p>${description}</p><p class="fine">${whoMayApply(one)}</p>
${link && html`<p><a href="${link}" rel="noopener nofollow">Where to apply<span class="fine"> – ${title}</span></a></p>`}`,
    title,
  );
}

const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

function inFull(day: string): string {
  return DAY.format(new Date(day));
}
