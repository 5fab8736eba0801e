import { inWords, regionInWords } from '@scholar/runtime/catalogue';
import { html, type SafeHtml } from '@scholar/runtime/http';
import { type Asked, FACETS, type FacetName, hrefOf } from './asked.ts';
import type { Counts } from './catalogue-answer.ts';

const NAMES: Readonly<Record<FacetName, string>> = {
  field: 'Field of study',
  degree: 'Level of study',
  region: 'Region',
  citizenship: 'Citizenship',
};

/** What the search is narrowed by, each with a link that takes it away. */
export function chosenLinks(asked: Asked): SafeHtml | undefined {
  const chosen = FACETS.flatMap((name) => {
    const value = asked.profile[name];
    return value === undefined ? [] : { name, value };
  });
  if (chosen.length === 0) return undefined;
  return html`<p class="row">Only: ${chosen.map(
    ({ name, value }) =>
      html`<a class="tag" href="${hrefOf(asked, { [name]: undefined })}">${NAMES[name]}: ${named(name, value)} – remove</a> `,
  )}</p>`;
}

/** Each facet as a list of links that opens without a script; a link says how many its search finds. */
export function facetLinks(asked: Asked, { facets }: Counts): SafeHtml {
  return html`<section aria-label="Narrow it down">${FACETS.map((name) => facetList(asked, name, facets[name]))}</section>`;
}

function facetList(asked: Asked, name: FacetName, facet: Counts['facets'][FacetName]): SafeHtml | undefined {
  if (facet.values.length === 0) return undefined;
  const chosen = asked.profile[name];
  // What asks for nothing here is found by each value, so its count has them, too.
  return html`<details><summary>${NAMES[name]}</summary><p class="row">${facet.values.map(
    ({ value, count }) =>
      html`<a class="tag" href="${hrefOf(asked, { [name]: value })}"${value === chosen && html` aria-current="true"`}>${named(name, value)} (${count + facet.open_to_all})</a> `,
  )}</p></details>`;
}

function named(name: FacetName, value: string): string {
  return name === 'region' ? regionInWords(value) : inWords(value);
}
