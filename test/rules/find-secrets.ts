/** A place where a plain secret seems to stand. The value itself is never told. */
export interface FoundSecret {
  rule: string;
  path: string;
  line: number;
}

/** Passwords in database addresses of examples and tests: words that nobody takes for a real one. */
export const EXAMPLE_PASSWORDS: readonly string[] = [
  ...['password', 'pass', 'word', 'pass=word', 'pa55', 'pa55word', 'other', 'test', 'old', 'new'],
  ...['b', 'p', 'w'],
];

type Rule = (text: string) => Iterable<{ index: number }>;

/** What every rule looks for, by name. */
const RULES: Readonly<Record<string, Rule>> = {
  stripe_key: (text) => matches(text, /\b[sr]k_(?:live|test)_([A-Za-z0-9]{16,})/g, looksRandom),
  stripe_webhook_secret: (text) => matches(text, /\bwhsec_([A-Za-z0-9+/=_-]{24,})/g, looksRandom),
  private_key: (text) =>
    matches(text, /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----(?:\s|\\n)*[A-Za-z0-9+/]{20}/g),
  aws_key: (text) => matches(text, /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g),
  npm_token: (text) => matches(text, /\bnpm_[A-Za-z0-9]{36}\b|_auth[T]oken=(?!\$\{)[^\s'"`]{8,}/g),
  github_token: (text) => matches(text, /\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_\w{60,}\b/g),
  slack_token: (text) => matches(text, /\bxox[abprs]-[A-Za-z0-9-]{20,}/g),
  google_key: (text) => matches(text, /\bAIza[0-9A-Za-z_-]{35}\b/g),
  database_password: (text) =>
    matches(text, /\bpostgres(?:ql)?:\/\/[^\s:@/'"`]+:([^\s@'"`/]+)@/g, isRealPassword),
  assigned_key: (text) =>
    matches(
      text,
      /\b(?:A8_(?:READ_|OPERATIONS_|STAGING_)?KEY|CANARY_KEY|CONTROL_TOKEN|SERVICE_SECRET|EMAIL_HASH_KEY|KEY_ENCRYPTION_KEY|LLM_API_KEY|\w*PASSWORD)["']?\s*[:=]\s*["'`]?([A-Za-z0-9_+/=-]{32,})/g,
      (value) => looksRandom(value) && !isCiphertext(value),
    ),
  secret_manifest: secretManifests,
};

/** The names of the rules. */
export const RULE_NAMES: readonly string[] = Object.keys(RULES);

/** Pure. @returns what stands in one file, by rule and line. */
export function findSecrets(path: string, text: string): FoundSecret[] {
  return Object.entries(RULES).flatMap(([rule, look]) =>
    [...look(text)].map(({ index }) => ({ rule, path, line: lineAt(text, index) })),
  );
}

function* matches(text: string, pattern: RegExp, judge: (value: string) => boolean = () => true) {
  for (const match of text.matchAll(pattern)) if (judge(match[1] ?? match[0])) yield match;
}

/** Words of a test are words, or repeat; what was drawn at random has letters and digits anywhere, and does not. */
function looksRandom(value: string): boolean {
  const words = value.split(/[-_]/);
  if (words.length >= 3 && words.every((word) => /^(?:[a-z]+|[0-9]+)$/.test(word))) return false;
  return /[0-9]/.test(value) && /[A-Za-z]/.test(value) && bitsPerCharacter(value) >= 3.2;
}

/** Shannon entropy of the characters. */
function bitsPerCharacter(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}

/** What a template or a program fills in is none, and neither is what stands for "any". */
function isRealPassword(password: string): boolean {
  return !/[$%<{*…]/.test(password) && !EXAMPLE_PASSWORDS.includes(password);
}

/** Of kubeseal: two bytes of length (512), then the wrapped key. */
function isCiphertext(value: string): boolean {
  return value.startsWith('Ag') && value.length > 500;
}

/** A literal value under `data` or `stringData` of a Secret is plain text, whatever it looks like. */
function* secretManifests(text: string) {
  let start = 0;
  for (const document of text.split(/^---\s*$/m)) {
    if (/^\s*kind:\s*["']?Secret["']?\s*$/m.test(document)) {
      for (const block of document.matchAll(/^([ \t]*)(?:data|stringData):[ \t]*\n((?:\1[ \t]+.*\n?)+)/gm)) {
        const from = start + block.index + block[0].indexOf(block[2] ?? '');
        for (const entry of (block[2] ?? '').matchAll(/^\s*[\w.-]+:[ \t]+(["']?)([^\s{"'#][^{\n]*)$/gm))
          yield { index: from + entry.index };
      }
    }
    start += document.length + (/^---\s*$/m.exec(text.slice(start + document.length))?.[0].length ?? 0);
  }
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
