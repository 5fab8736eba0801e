import type { GroupBy } from '../catalogue/catalogue-store.ts';
import { amountOf, type Scholarship } from '../catalogue/scholarship.ts';
import { groupName, groupPath } from './landing-pages.ts';
import { type Listing, positionOf } from './paging.ts';

const CONTEXT = 'https://schema.org';

/** The start page: the site, and what it lists first. */
export function siteData(base: string, listing: Listing): object {
  return {
    '@context': CONTEXT,
    '@graph': [{ '@type': 'WebSite', name: 'scholar', url: `${base}/` }, listOf(base, listing)],
  };
}

/** A group: its list, and the way to it from the start page. */
export function groupData(base: string, group: { by: GroupBy; word: string; listing: Listing }): object {
  const { by, word, listing } = group;
  const way = wayTo(base, { name: groupName(by, word), path: groupPath(by, word) });
  return { '@context': CONTEXT, '@graph': [listOf(base, listing), way] };
}

/** A scholarship as schema.org has it, a MonetaryGrant, and the way to it from the start page. */
export function scholarshipData(base: string, scholarship: Scholarship): object {
  const { title, summary, slug, amount } = scholarship;
  const path = `/p/${slug}`;
  const money = amountOf(amount);
  return {
    '@context': CONTEXT,
    '@graph': [
      {
        '@type': 'MonetaryGrant',
        name: title,
        description: summary,
        url: `${base}${path}`,
        ...(money ? { amount: { '@type': 'MonetaryAmount', ...money } } : {}),
      },
      wayTo(base, { name: title, path }),
    ],
  };
}

function listOf(base: string, listing: Listing): object {
  return {
    '@type': 'ItemList',
    itemListElement: listing.scholarships.map(({ slug, title }, index) => ({
      '@type': 'ListItem',
      position: positionOf(listing, index),
      name: title,
      url: `${base}/p/${slug}`,
    })),
  };
}

function wayTo(base: string, { name, path }: { name: string; path: string }): object {
  return {
    '@type': 'BreadcrumbList',
    itemListElement: [
      { '@type': 'ListItem', position: 1, name: 'All scholarships', item: `${base}/` },
      { '@type': 'ListItem', position: 2, name, item: `${base}${path}` },
    ],
  };
}
