import type { RawAnswer } from './raw-request.ts';

/** Answers that caches may keep: they are the same for everybody, or name by what they differ. */
const KEPT = /^public, (?:max-age=\d+|no-cache)/u;
const POLICY = {
  'default-src': "'self'",
  'script-src': "'self'",
  'style-src': "'self'",
  'connect-src': "'self'",
  'object-src': "'none'",
  'base-uri': "'none'",
  'frame-ancestors': "'none'",
};

type Asked = { answer: RawAnswer; byExpress: boolean };
type Rule = (asked: Asked) => boolean;

const text = (answer: RawAnswer, name: string): string => String(answer.headers[name] ?? '');

/** What every answer of every service keeps to, by the item of ASVS 4.0.3 that asks for it. */
export const RULES: Readonly<Record<string, Rule>> = {
  '14.4.1 says its type, and the charset of text': ({ answer }) =>
    answer.body === '' ||
    /^(?:text\/[\w+.-]+|application\/xml); charset=utf-8$|^application\/(?:problem\+)?json(?:; charset=utf-8)?$/u.test(
      text(answer, 'content-type'),
    ),
  '14.4.1 is what its type says': ({ answer }) =>
    !/json/u.test(text(answer, 'content-type')) || isJson(answer),
  '14.4.2 in JSON is saved under a name of ours': ({ answer }) =>
    !/json/u.test(text(answer, 'content-type')) ||
    answer.body === '' ||
    /^attachment; filename="[a-z-]+\.json"$/u.test(text(answer, 'content-disposition')),
  '14.4.3 lets nothing in that is inline or foreign': ({ answer, byExpress }) =>
    !byExpress || Object.entries(POLICY).every(([name, sources]) => policyOf(answer).get(name) === sources),
  '14.4.3 has no exception from that': ({ answer }) =>
    !/unsafe|\*|https?:(?!\/\/checkout\.stripe\.com|\/\/127)/u.test(text(answer, 'content-security-policy')),
  '14.4.4 lets no type be guessed': ({ answer }) => answer.headers['x-content-type-options'] === 'nosniff',
  '14.4.5 asks browsers to come by https from then on': ({ answer }) =>
    Number(/max-age=(\d+); includeSubDomains/u.exec(text(answer, 'strict-transport-security'))?.[1]) >=
    15_724_800,
  '14.4.6 tells no other site our addresses': ({ answer, byExpress }) =>
    !byExpress || /^(?:same-origin|no-referrer)$/u.test(text(answer, 'referrer-policy')),
  '14.4.7 stands in no frame': ({ answer, byExpress }) =>
    !byExpress || answer.headers['x-frame-options'] === 'DENY',
  '14.3.3 does not say what it is made of': ({ answer }) =>
    ['x-powered-by', 'server', 'via', 'x-aspnet-version'].every((name) => answer.headers[name] === undefined),
  '14.5.3 lets no other site read it': ({ answer }) =>
    Object.keys(answer.headers).every((name) => !name.startsWith('access-control-')),
  '8.2.1 is kept by no cache': ({ answer }) =>
    answer.headers['cache-control'] === 'no-store' || KEPT.test(text(answer, 'cache-control')),
  '3.4.1, 3.4.2, 3.4.3 sets cookies that are Secure, HttpOnly and SameSite': ({ answer }) =>
    cookiesOf(answer).every(
      (cookie) =>
        /; Secure/u.test(cookie) && /; HttpOnly/u.test(cookie) && /; SameSite=(?:Lax|Strict)/u.test(cookie),
    ),
  '3.4.4 sets cookies of its host alone': ({ answer }) =>
    cookiesOf(answer).every(
      (cookie) =>
        /; Path=\/(?:;|$)/u.test(cookie) &&
        !/; Domain=/iu.test(cookie) &&
        /^(?:__Host-|scholar_(?:consent|visit)=)/u.test(cookie),
    ),
  '3.1.1 leads to no address with a token': ({ answer }) =>
    !/eyJ[\w-]+\.|token=/u.test(text(answer, 'location')),
};

function policyOf(answer: RawAnswer): Map<string, string> {
  return new Map(
    text(answer, 'content-security-policy')
      .split(';')
      .map((directive) => directive.trim().split(/ +/u))
      .map(([name = '', ...sources]) => [name, sources.join(' ')]),
  );
}

const cookiesOf = ({ headers }: RawAnswer): readonly string[] => headers['set-cookie'] ?? [];

function isJson({ body }: RawAnswer): boolean {
  try {
    JSON.parse(body === '' ? 'null' : body);
    return true;
  } catch {
    return false;
  }
}

/** The rules that an answer breaks, each with who asked for what. */
export function broken(asked: Asked & { what: string }): string[] {
  return Object.entries(RULES)
    .filter(([, holds]) => !holds(asked))
    .map(([rule]) => `${asked.what}: not so: ${rule}`);
}
