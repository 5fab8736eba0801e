/** A table of Markdown. The first column is text, all others are figures and stand to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|---|${'--:|'.repeat(head.length - 1)}`, ...rows.map(line)].join('\n');
}

/** 1234567 as "1,234,567", whatever the machine's language. */
export function whole(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Three digits, and no more than the value deserves. */
export function figure(value: number): string {
  if (value === 0) return '0';
  if (Math.abs(value) >= 100) return whole(value);
  return Number(value.toPrecision(3)).toString();
}

export function percentOf(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

/** With its sign: how far a prediction is off. */
export function offBy(predicted: number, measured: number): string {
  const share = predicted / measured - 1;
  return `${share < 0 ? '-' : '+'}${(Math.abs(share) * 100).toFixed(0)} %`;
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'] as const;

/** Decimal units, as disks and networks are sold. */
export function bytes(value: number): string {
  let left = value;
  let unit = 0;
  while (left >= 1_000 && unit < BYTE_UNITS.length - 1) {
    left /= 1_000;
    unit += 1;
  }
  return `${figure(left)} ${BYTE_UNITS[unit]}`;
}

const MARK = /<!-- generated:([a-z-]+) -->[\s\S]*?<!-- \/generated -->/g;

/**
 * Puts each section between its marks: `<!-- generated:name -->` … `<!-- /generated -->`.
 * @throws Error for a mark without a section, and for a section without a mark: both would be a document that lies.
 */
export function fillSections(document: string, sections: Readonly<Record<string, string>>): string {
  const filled = new Set<string>();
  const text = document.replace(MARK, (_, name: string) => {
    const section = sections[name];
    if (section === undefined) throw new Error(`nothing is generated for the section "${name}"`);
    filled.add(name);
    return `<!-- generated:${name} -->\n${section}\n<!-- /generated -->`;
  });
  const missing = Object.keys(sections).filter((name) => !filled.has(name));
  if (missing.length > 0) throw new Error(`the document has no place for: ${missing.join(', ')}`);
  return text;
}
