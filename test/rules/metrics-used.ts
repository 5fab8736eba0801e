/** A metric that an expression reads, with the labels that its selector names. */
export interface Use {
  name: string;
  labels: string[];
}

/** Words of PromQL that stand where a metric could. */
const WORDS = new Set([
  'by',
  'on',
  'without',
  'ignoring',
  'and',
  'or',
  'unless',
  'bool',
  'offset',
  'group_left',
  'group_right',
  'inf',
  'nan',
]);

/**
 * @returns every metric of an expression of PromQL. What is no word of the language, no function, no label list and no text counts as a metric, so that what is not
 * understood is reported rather than passed over.
 */
export function metricsUsed(expression: string): Use[] {
  const uses: Use[] = [];
  // Label lists behind by (…), on (…) and the like name labels; durations are no names.
  const bare = expression
    .replace(/\b(by|on|without|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ')
    .replace(/\[[^\]]*\]/g, ' ')
    .replace(/\boffset\s+\S+/g, ' ');
  for (const match of bare.matchAll(/(?<![\w"])([a-zA-Z_:][\w:]*)(\s*\(|\s*\{([^}]*)\})?/g)) {
    const [, name = '', behind = '', selector = ''] = match;
    if (WORDS.has(name.toLowerCase()) || behind.trimStart().startsWith('(')) continue;
    uses.push({
      name,
      labels: [...selector.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label),
    });
  }
  return uses;
}
