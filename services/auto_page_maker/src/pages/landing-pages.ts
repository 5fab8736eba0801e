import { capitalised, inWords, regionInWords } from '@scholar/runtime/catalogue';
import { card, html, type Page, type SafeHtml } from '@scholar/runtime/http';
import type { Group, GroupBy } from '../catalogue/catalogue-store.ts';
import { amountInWords, dayInWords, type Scholarship } from '../catalogue/scholarship.ts';
import { fieldSlug, regionSlug } from '../catalogue/slug.ts';
import { type Listing, pager } from './paging.ts';

export const SERVICE = 'Scholarships';
const NAV = [{ href: '/', text: 'All scholarships' }];

/** GET /: fields, regions and the first scholarships. */
export function indexPage(content: {
  fields: readonly Group[];
  regions: readonly Group[];
  listing: Listing;
  form: SafeHtml;
}): Page {
  const { fields, regions, listing, form } = content;
  return {
    title: titleOfPage('Find a scholarship', listing),
    service: SERVICE,
    description: 'Scholarships by field and region. Leave your address and hear of the ones that fit.',
    body: html`<h1>Find a scholarship</h1>
<p class="lead">Look through what is open, or leave your address and hear of the ones that fit you.</p>
<p><a class="button" href="#lead">Leave your address</a></p>
${
  listing.page === 1 &&
  html`${groupList('By field', fields, 'field')}
${groupList('By region', regions, 'region')}`
}
${scholarshipList('/', listing, 'The catalogue is being loaded. Leave your address and we will write to you.')}
${form}`,
  };
}

/** GET /p/field-… and /p/region-…: the scholarships of one group. */
export function groupPage(content: { by: GroupBy; word: string; listing: Listing; form: SafeHtml }): Page {
  const { by, word, listing, form } = content;
  const name = groupName(by, word);
  const title = by === 'field' ? `Scholarships for ${name}` : `Scholarships in ${name}`;
  return {
    title: titleOfPage(title, listing),
    service: SERVICE,
    nav: NAV,
    description: `${title}: amounts, deadlines and how to hear of new ones.`,
    body: html`<h1>${title}</h1>
${scholarshipList(groupPath(by, word), listing, 'There is none at the moment. Leave your address and we will write when there is.')}
${form}`,
  };
}

/** GET /p/{slug} of one scholarship. */
export function scholarshipPage({ scholarship, form }: { scholarship: Scholarship; form: SafeHtml }): Page {
  const { title, summary, fields, regions } = scholarship;
  const links = [
    ...fields.map((word) => groupLink('field', word)),
    ...regions.map((word) => groupLink('region', word)),
  ];
  return {
    title,
    service: SERVICE,
    nav: NAV,
    description: summary.slice(0, 155),
    body: html`<h1>${title}</h1>
${card(html`${facts(scholarship)}<p>${summary}</p>${links.length > 0 && html`<p class="row">${links}</p>`}`)}
${form}`,
  };
}

/** GET /thanks: where a form leads to after the lead is stored. */
export function thanksPage(): Page {
  return {
    title: 'Thank you',
    service: SERVICE,
    nav: NAV,
    metadata: { unlisted: true },
    body: html`<h1>Thank you</h1>
<p class="lead">We have your address and will write to you about scholarships.</p>
<p><a class="button" href="/">Look at more scholarships</a></p>`,
  };
}

/** What people call a field or a region. */
export function groupName(by: GroupBy, word: string): string {
  return by === 'field' ? capitalised(inWords(word)) : regionInWords(word);
}

export function groupPath(by: GroupBy, word: string): string {
  return `/p/${by === 'field' ? fieldSlug(word) : regionSlug(word)}`;
}

function groupList(heading: string, groups: readonly Group[], by: GroupBy): SafeHtml | undefined {
  if (groups.length === 0) return undefined;
  const links = groups.map(({ word, count }) => groupLink(by, word, count));
  return html`<h2>${heading}</h2><p class="row">${links}</p>`;
}

function groupLink(by: GroupBy, word: string, count?: number): SafeHtml {
  return html`<a class="tag" href="${groupPath(by, word)}">${groupName(by, word)}${count !== undefined && html` (${count})`}</a>`;
}

/** Two pages with one title would look like one page to search engines. */
function titleOfPage(title: string, { page }: Listing): string {
  return page === 1 ? title : `${title}, page ${page}`;
}

function scholarshipList(path: string, listing: Listing, whenEmpty: string): SafeHtml {
  const { scholarships } = listing;
  if (scholarships.length === 0) return card(html`<p>${whenEmpty}</p>`);
  const cards = scholarships.map((scholarship) =>
    card(html`<h2><a href="/p/${scholarship.slug}">${scholarship.title}</a></h2>${facts(scholarship)}`),
  );
  return html`<div class="grid">${cards}</div>${pager(path, listing)}`;
}

function facts({ amount, deadline }: Scholarship): SafeHtml {
  const pays = amountInWords(amount);
  return html`<p>${pays && html`<strong>${pays}</strong> · `}${
    deadline
      ? html`apply by <time datetime="${deadline}">${dayInWords(deadline)}</time>`
      : 'apply at any time'
  }</p>`;
}
