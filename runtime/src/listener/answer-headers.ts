/**
 * What answers for programs carry that no page is: no browser guesses their type, shows them, or comes by plain http
 * again (OWASP ASVS 14.4.2, 14.4.4, 14.4.5). Where there is Express, `security.ts` says the same.
 */
export const ANSWER_HEADERS = {
  'x-content-type-options': 'nosniff',
  'content-disposition': 'attachment; filename="api.json"',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
} as const;
