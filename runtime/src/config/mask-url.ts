const SECRET_PARAMETER = /pass|secret|token|key/i;

/** A URL that may be shown: passwords in the authority and in query parameters are replaced by `***`. */
export function maskUrl(url: string): { shown: string; hidden: string | undefined } {
  if (!URL.canParse(url)) return { shown: '(not a URL)', hidden: url };
  const parsed = new URL(url);
  const hidden: string[] = [];
  if (parsed.password) {
    hidden.push(parsed.password);
    parsed.password = '***';
  }
  for (const [name, value] of [...parsed.searchParams]) {
    if (!SECRET_PARAMETER.test(name)) continue;
    hidden.push(value);
    parsed.searchParams.set(name, '***');
  }
  if (hidden.length === 0) return { shown: url, hidden: undefined };
  return { shown: parsed.href, hidden: hidden.join('\n') };
}
