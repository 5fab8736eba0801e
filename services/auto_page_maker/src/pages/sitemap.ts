import { type Express, html } from '@scholar/runtime/http';
import type { Pool } from 'pg';
import { listGroups, listSlugs } from '../catalogue/catalogue-store.ts';
import type { PublicBase } from '../http/public-base.ts';
import { groupPath } from './landing-pages.ts';
import type { LastGood } from './last-good.ts';

/** What one sitemap may hold: https://www.sitemaps.org/protocol.html. Two lists of groups have 100 at most. */
const MOST_ADDRESSES = 50_000;
const MOST_SCHOLARSHIPS = MOST_ADDRESSES - 201;

/** GET /sitemap.xml, every page that search engines should know; GET /robots.txt, which leads to it. */
export function sitemapRoutes(
  app: Express,
  deps: { pool: Pool; publicBase: PublicBase; lastGood: LastGood },
): void {
  const { pool, publicBase, lastGood } = deps;

  app.get('/sitemap.xml', async (request, response) => {
    const base = publicBase(request);
    const [fields = [], regions = [], slugs = []] = await Promise.all([
      lastGood('fields', () => listGroups(pool, 'field')),
      lastGood('regions', () => listGroups(pool, 'region')),
      lastGood('slugs', () => listSlugs(pool, MOST_SCHOLARSHIPS)),
    ]);
    const paths = [
      '/',
      ...fields.map(({ word }) => groupPath('field', word)),
      ...regions.map(({ word }) => groupPath('region', word)),
      ...slugs.map((slug) => `/p/${slug}`),
    ];
    response.set('cache-control', 'public, max-age=300').type('application/xml');
    response.send(sitemap(paths.map((path) => `${base}${path}`)));
  });

  app.get('/robots.txt', (request, response) => {
    response.set('cache-control', 'public, max-age=300').type('text/plain');
    response.send(
      `User-agent: *\nDisallow: /leads\nDisallow: /thanks\nSitemap: ${publicBase(request)}/sitemap.xml\n`,
    );
  });
}

function sitemap(addresses: readonly string[]): string {
  // Text of XML needs the same escapes as that of HTML.
  const urls = addresses.map((address) => html`<url><loc>${address}</loc></url>\n`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${html`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${urls}</urlset>\n`}`;
}
