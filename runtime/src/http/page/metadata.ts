import { html, type SafeHtml, trusted } from './html.ts';

/** What a page tells search engines and whoever previews a link to it. */
export type Metadata = {
  /** The one absolute address that stands for this page, however it was reached. */
  canonical?: string;
  /** A schema.org object, sent as JSON-LD. */
  structuredData?: object;
  /** True keeps the page out of search results. */
  unlisted?: boolean;
};

/** The elements for the head of a page. */
export function renderMetadata(page: {
  title: string;
  description?: string | undefined;
  metadata: Metadata;
}): SafeHtml {
  const { title, description, metadata } = page;
  const { canonical, structuredData, unlisted } = metadata;
  return html`${unlisted && html`<meta name="robots" content="noindex">`}
${
  canonical &&
  html`<link rel="canonical" href="${canonical}">
<meta property="og:type" content="website">
<meta property="og:site_name" content="scholar">
<meta property="og:title" content="${title}">
${description && html`<meta property="og:description" content="${description}">`}
<meta property="og:url" content="${canonical}">`
}
${structuredData && html`<script type="application/ld+json">${asJsonLd(structuredData)}</script>`}`;
}

/**
 * A data block is no script to the browser, so that the content policy has nothing against it; but it ends at the first
 * `</script`, whoever wrote that. JSON may write `<` as an escape, and then no text can end it.
 */
function asJsonLd(data: object): SafeHtml {
  return trusted(JSON.stringify(data).replaceAll('<', '\\u003c'));
}
