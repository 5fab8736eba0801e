export interface Selector {
  metric: string;
  /** Operator and value as they are written, by label. */
  matchers: Readonly<Record<string, string>>;
  /** The function or aggregation whose argument it is; empty: none. */
  of: string;
  /** As it is written; undefined: an instant vector. */
  window: string | undefined;
}

const TOKEN =
  /\s+|("(?:[^"\\]|\\.)*"|\[[$\w]+(?::[$\w]*)?\]|[A-Za-z_:][\w:]*|\d+(?:\.\d+)?(?:ms|[smhdwy])?|=~|!~|!=|==|<=|>=|[-+*/%^(){},=<>])/y;
const LABEL_LISTS = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right']);
const OPERATORS = new Set(['and', 'or', 'unless', 'bool', 'offset']);
const CLOSES: Readonly<Record<string, string>> = { ')': '(', '}': '{' };

/**
 * The selectors of an expression, windows of Grafana's variables among them. It reads what our rules and dashboards are written in and no
 * more; the whole grammar is Prometheus', which `make alerts-test` and `make dashboards-check` ask. @throws Error where that is no PromQL
 */
export function readPromql(expr: string): Selector[] {
  const tokens = tokensOf(expr);
  const found: Selector[] = [];
  /** What stands before each bracket that is open. */
  const open: string[] = [];
  let pending = '';
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] ?? '';
    if (LABEL_LISTS.has(token)) at = endOf(tokens, at + 1);
    else if (token === '(') {
      open.push(pending);
      pending = '';
    } else if (token === ')') open.pop();
    else if (!/^[A-Za-z_:]/.test(token) || OPERATORS.has(token)) continue;
    else if (isCall(tokens[at + 1])) pending = token;
    else {
      const hasMatchers = tokens[at + 1] === '{';
      const end = hasMatchers ? endOf(tokens, at + 1) : at;
      const next = tokens[end + 1] ?? '';
      const matchers = hasMatchers ? matchersOf(tokens.slice(at + 2, end)) : {};
      const window = next.startsWith('[') ? next.slice(1, -1) : undefined;
      found.push({ metric: token, matchers, of: open.at(-1) ?? '', window });
      at = window === undefined ? end : end + 1;
    }
  }
  return found;
}

const isCall = (next: string | undefined): boolean => next === '(' || LABEL_LISTS.has(next ?? '');

/** @throws Error where a sign is none of PromQL, or brackets do not match */
function tokensOf(expr: string): string[] {
  const tokens: string[] = [];
  const open: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < expr.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(expr);
    if (match === null) throw new Error(`no PromQL from ${at}: ${expr}`);
    const token = match[1];
    if (token === undefined) continue;
    if (token === '(' || token === '{') open.push(token);
    const opened = CLOSES[token];
    if (opened !== undefined && open.pop() !== opened) throw new Error(`brackets do not match: ${expr}`);
    tokens.push(token);
  }
  if (open.length > 0) throw new Error(`a bracket is not closed: ${expr}`);
  return tokens;
}

/** The place of the bracket that closes the one at `start`; within lists there are no others. */
function endOf(tokens: readonly string[], start: number): number {
  const end = tokens.findIndex((token, index) => index > start && token in CLOSES);
  return end < 0 ? tokens.length : end;
}

/** Of label, operator, value and comma, again and again. */
function matchersOf(tokens: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (let at = 0; at < tokens.length; at += 4) {
    const [label = '', operator = '', value = ''] = tokens.slice(at, at + 3);
    if (!/^(=~|!~|!=|=)$/.test(operator) || !value.startsWith('"'))
      throw new Error(`no matcher: ${tokens.join('')}`);
    found[label] = `${operator}${value.slice(1, -1)}`;
  }
  return found;
}
