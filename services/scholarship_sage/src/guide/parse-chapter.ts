import type { Passage } from '../passages/passage.ts';

/**
 * The sections of a chapter. A chapter is a file `NN-slug.md`: `# Title`, then sections of `## Heading` and plain
 * paragraphs.
 * @throws Error that names the file when it has another shape.
 */
export function parseChapter(file: string, text: string): Passage[] {
  const slug = /^\d+-([a-z0-9-]+)\.md$/.exec(file)?.[1];
  const [head = '', ...sections] = text.split(/^## /m);
  const title = /^# (.+)$/m.exec(head)?.[1]?.trim();
  if (!slug || !title || sections.length === 0) {
    throw new Error(
      `${file} is no chapter of the guide: it needs "NN-slug.md", "# Title" and sections "## Heading"`,
    );
  }
  return sections.map((section) => {
    const [heading = '', ...lines] = section.split('\n');
    return {
      id: `guide/${slug}#${toSlug(heading)}`,
      title: `${title}: ${heading.trim()}`,
      body: lines.join(' ').replace(/\s+/g, ' ').trim(),
    };
  });
}

function toSlug(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
