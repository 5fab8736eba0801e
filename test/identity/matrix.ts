import { APP_LABELS, type AppLabel } from '@scholar/contract';
import { PRINCIPALS, type Who } from './principals.ts';

/** `in`: the request is looked at, whatever comes of it. `sign in`: a redirect to the page for that. */
export type Verdict = 'in' | 401 | 403 | 'sign in';

type Rule = {
  in: readonly Who[];
  /** What nobody in particular gets; 401 by default. */
  nobody?: Verdict;
  /** What those get who are known and not let in; 403 by default. */
  others?: Verdict;
  /** What the operations key gets, which is no access token; 401 by default. */
  operations?: Verdict;
};

/** Does not look who comes. */
const OPEN: Rule = { in: PRINCIPALS, nobody: 'in', operations: 'in' };
/** Looks who comes and lets everybody in, except with a token that proves nothing. */
const ANYBODY: Rule = { in: PRINCIPALS, nobody: 'in', operations: 401 };
const PEOPLE: readonly Who[] = ['student', 'provider', 'staff'];
const people: Rule = { in: PEOPLE };
const services: Rule = { in: APP_LABELS };
const provider: Rule = { in: ['provider'] };
/** Access tokens are not asked for here, so there is none that is not enough. */
const operations: Rule = { in: ['operations'], operations: 'in', others: 401 };
const peopleAndServices: Rule = { in: [...PEOPLE, ...APP_LABELS] };
/** A page for who is signed in; a service is nobody whose page it could be. */
const signedIn: Rule = { in: PEOPLE, nobody: 'sign in' };
const providerPage: Rule = { in: ['provider'], nobody: 'sign in' };
/** A form that needs the session of a browser; a token alone is nobody's session. */
const ownForm: Rule = { in: PEOPLE, nobody: 'sign in' };

const EVERYWHERE: Record<string, Rule> = {
  'GET /health': OPEN,
  'GET /ready': OPEN,
};
const KEEPS_DATA: Record<string, Rule> = {
  ...EVERYWHERE,
  'POST /internal/personal-data/find': { in: ['scholar_auth'] },
  'POST /internal/personal-data/erase': { in: ['scholar_auth'] },
  'POST /internal/personal-data/forwarders': { in: ['scholar_auth'] },
};

/** What both A5 and A6 have. */
const PAGES: Record<string, Rule> = {
  ...KEEPS_DATA,
  'GET /': ANYBODY,
  'GET /login': ANYBODY,
  'POST /login': ANYBODY,
  'POST /logout': ANYBODY,
  'GET /password/forgot': ANYBODY,
  'POST /password/forgot': ANYBODY,
  'GET /password/change': signedIn,
  'POST /password/change': ownForm,
  'GET /my-data': signedIn,
  'POST /my-data/export': ownForm,
  'POST /my-data/erase': ownForm,
  'GET /my-data/erasures/:id': ANYBODY,
};

/** Who is let in where: every route of A1–A7. */
export const MATRIX: Record<AppLabel, Record<string, Rule>> = {
  scholar_auth: {
    ...EVERYWHERE,
    'POST /signup': OPEN,
    'POST /login': OPEN,
    'POST /refresh': OPEN,
    'POST /logout': OPEN,
    'POST /logout/everywhere': people,
    'POST /password/forgot': OPEN,
    'GET /password/forgot': OPEN,
    'POST /verify-email/request': OPEN,
    'GET /verify-email': OPEN,
    'POST /verify-email': OPEN,
    'GET /password/new': OPEN,
    'POST /password/new': OPEN,
    'POST /password/change': people,
    'GET /mailbox': OPEN,
    'GET /.well-known/jwks.json': OPEN,
    // By label and secret, not by a token.
    'POST /oauth/token': OPEN,
    'POST /internal/users': services,
    'POST /operations/signing-keys': operations,
    'POST /operations/staff': operations,
    'DELETE /operations/staff/:user_id': operations,
    'POST /privacy/exports': people,
    'POST /privacy/erasures': people,
    'GET /privacy/erasures/:id': OPEN,
  },
  scholarship_api: {
    ...KEEPS_DATA,
    'GET /scholarships': ANYBODY,
    'GET /scholarships/facets': ANYBODY,
    'GET /scholarships/mine': provider,
    'GET /scholarships/:id': ANYBODY,
    'POST /scholarships': provider,
    'PATCH /scholarships/:id': provider,
    'DELETE /scholarships/:id': provider,
    // Whose it is and what was paid is judged behind (publish.test.ts of A2).
    'POST /scholarships/:id/publish': { in: ['staff', 'provider_register'] },
    'POST /checkout/sessions': { in: ['provider', ...APP_LABELS] },
  },
  scholarship_agent: { ...KEEPS_DATA, 'POST /matches': peopleAndServices },
  scholarship_sage: { ...KEEPS_DATA, 'POST /answers': peopleAndServices },
  student_pilot: {
    ...PAGES,
    'POST /consent': ANYBODY,
    'GET /signup': ANYBODY,
    'POST /signup': ANYBODY,
    'GET /profile': signedIn,
    'POST /profile': signedIn,
    'GET /scholarships': ANYBODY,
    'GET /matches': signedIn,
    'POST /matches': people,
    'GET /ask': signedIn,
    'POST /ask': people,
  },
  provider_register: {
    ...PAGES,
    // By Stripe's signature.
    'POST /webhooks/stripe': OPEN,
    'POST /consent': OPEN,
    'GET /payments': ANYBODY,
    'POST /providers': ANYBODY,
    'GET /providers/:id': ANYBODY,
    // Whose provider it is, is judged by its row (own-provider.test.ts of A6); of one that is not there nobody is told.
    'GET /providers/:id/orders/:number': ANYBODY,
    'GET /providers/:id/payments/:session': ANYBODY,
    'POST /providers/:id/checkout': ANYBODY,
    // By the code that whoever registered it was told.
    'GET /providers/:id/claim': ANYBODY,
    'POST /providers/:id/claim': ANYBODY,
    'GET /scholarships': providerPage,
    'GET /scholarships/new': providerPage,
    'GET /scholarships/:id': providerPage,
    'POST /scholarships': providerPage,
    'POST /scholarships/:id': providerPage,
    'POST /scholarships/:id/end': providerPage,
    'POST /scholarships/:id/delete': providerPage,
  },
  auto_page_maker: {
    ...KEEPS_DATA,
    'POST /consent': OPEN,
    'GET /': OPEN,
    'GET /p/:slug': OPEN,
    'GET /thanks': OPEN,
    'GET /sitemap.xml': OPEN,
    'GET /robots.txt': OPEN,
    'POST /leads': OPEN,
    'GET /leads/:id': services,
  },
};

/** What the table says that somebody gets. */
export function expected(rule: Rule, who: Who): Verdict {
  if (who === 'anonymous') return rule.nobody ?? 401;
  if (who === 'operations') return rule.operations ?? 401;
  return rule.in.includes(who) ? 'in' : (rule.others ?? 403);
}
