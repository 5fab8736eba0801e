/** Where a page leads to, and what can be led to in it. */
export interface Page {
  links: string[];
  /** Anchors of its headings, as GitHub makes them. */
  anchors: Set<string>;
}

/** Pure. What stands in code is no link; addresses of the web are nobody's to check here. */
export function readPage(markdown: string): Page {
  const prose = markdown.replaceAll(/^(```|~~~)[\s\S]*?^\1/gmu, '').replaceAll(/`[^`\n]*`/gu, '`');
  const links = [...prose.matchAll(/\]\(<?([^()\s>]+)>?(?:\s+"[^"]*")?\)/gu)].map(
    ([, target = '']) => target,
  );
  const anchors = new Set<string>();
  const text = markdown.replaceAll(/^(```|~~~)[\s\S]*?^\1/gmu, '');
  for (const [, heading = ''] of text.matchAll(/^#{1,6}\s+(.+?)\s*#*$/gmu)) {
    const slug = slugOf(heading);
    let anchor = slug;
    for (let count = 1; anchors.has(anchor); count += 1) anchor = `${slug}-${count}`;
    anchors.add(anchor);
  }
  return { links: links.filter((target) => !/^[a-z][a-z0-9+.-]*:/iu.test(target)), anchors };
}

const slugOf = (heading: string): string =>
  heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/gu, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/gu, '-');
