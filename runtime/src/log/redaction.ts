const SECRET_NAMES = [
  'authorization',
  'cookie',
  '["set-cookie"]',
  '["x-scholar-canary"]',
  'key',
  'apiKey',
  'api_key',
  'secret',
  'client_secret',
  'password',
  'password_hash',
  'email',
  'token',
  'access_token',
  'refresh_token',
  'question',
  'answer',
  'card',
];

// pino matches exact paths, one level per wildcard: three levels reach `{ req: { headers: { authorization } } }`.
const DEPTHS = ['', '*', '*.*', '*.*.*'];

function join(prefix: string, name: string): string {
  if (prefix === '') return name;
  return name.startsWith('[') ? `${prefix}${name}` : `${prefix}.${name}`;
}

/** Paths whose value is never printed, at the top of a log object and up to three levels below. */
export const REDACTED_PATHS: string[] = DEPTHS.flatMap((prefix) =>
  SECRET_NAMES.map((name) => join(prefix, name)),
);

const EMAIL = /[^\s"'\\<>()@:/=,;]{1,64}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}/gi;
const URL_PASSWORD = /(:\/\/[^\s"\\:/@]{0,64}:)[^\s"\\/@]{1,256}@/g;
const BEARER = /\b(bearer|basic)\s+[a-z0-9._~+/=-]{8,}/gi;

/**
 * The last gate before a line is written: e-mails, passwords inside URLs and bearer tokens that arrived inside a
 * sentence (an error of a driver, say) are blanked. The replacement holds no quote, so the line stays valid JSON.
 */
export function scrubLine(line: string): string {
  return line
    .replace(URL_PASSWORD, '$1[redacted]@')
    .replace(BEARER, '$1 [redacted]')
    .replace(EMAIL, '[email]');
}
