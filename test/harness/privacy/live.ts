import { waitFor } from '@scholar/runtime/testing';
import { PERSON, paidBy, signature } from '../leaks/person.ts';
import type { LocalSystem } from '../local-system.ts';

export type Account = {
  email: string;
  password: string;
  userId: string;
  /** Everything under which A8 knows them. */
  actors: string[];
  /** A request of theirs to a service, in JSON or as a form. */
  send: (url: string, body: unknown) => Promise<{ status: number; body: Record<string, unknown> }>;
};

type Urls = Awaited<ReturnType<typeof urlsOf>>;

async function urlsOf(system: LocalSystem) {
  const { apps } = await system.status();
  const urlOf = (label: string) => apps.find((app) => app.label === label)?.url ?? '';
  return {
    auth: urlOf('scholar_auth'),
    api: urlOf('scholarship_api'),
    pilot: urlOf('student_pilot'),
    register: urlOf('provider_register'),
    pages: urlOf('auto_page_maker'),
  };
}

/**
 * A student and a provider with proven addresses, who have done everything that people do here: whatever a service keeps
 * of somebody it keeps of them.
 */
export async function liveThrough(system: LocalSystem) {
  const urls = await urlsOf(system);
  const [student, provider] = await Promise.all([
    openAccount(urls, PERSON['a student who will be erased'], 'student'),
    openAccount(urls, PERSON['a provider who will be erased'], 'provider'),
  ]);
  await liveAsStudent(urls, student);
  await liveAsProvider(system, urls, provider);
  return { urls, student, provider };
}

async function openAccount(urls: Urls, email: string, role: 'student' | 'provider'): Promise<Account> {
  const { password } = PERSON;
  await signUp(urls.auth, { email, password, role });
  expectOk(await sendJson(`${urls.auth}/verify-email`, { token: await linkFor(urls, email) }), 'a link');
  return signIn(urls.auth, { email, password });
}

export async function signUp(
  auth: string,
  account: { email: string; password: string; role: 'student' | 'provider' },
): Promise<void> {
  expectOk(await sendJson(`${auth}/signup`, account), 'a sign-up');
}

export async function signIn(
  auth: string,
  { email, password }: { email: string; password: string },
): Promise<Account> {
  const signedIn = await sendJson(`${auth}/login`, { email, password });
  expectOk(signedIn, 'a sign-in');
  const token = String(signedIn.body['access_token']);
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  const send: Account['send'] = (url, json) => sendJson(url, json, { authorization: `Bearer ${token}` });
  return { email, password, userId: claims.sub, actors: [claims.sub], send };
}

/** The link that was mailed to an address, out of the mailbox of this machine. */
async function linkFor(urls: Urls, email: string): Promise<string> {
  let token: string | undefined;
  const mailed = async () => {
    const page = await (await fetch(`${urls.auth}/mailbox`, { headers: { accept: 'text/html' } })).text();
    const letter = page.split('<section').find((card) => card.includes(email));
    token = /\/verify-email\?token=([\w-]+)/.exec(letter ?? '')?.[1];
    return token !== undefined;
  };
  await waitFor(mailed, { timeoutMs: 60_000, what: 'a mail with a link' });
  return token ?? '';
}

async function liveAsStudent(urls: Urls, { email, send }: Account): Promise<void> {
  const saved = await send(`${urls.pilot}/profile`, new URLSearchParams({ field: 'law', degree: 'master' }));
  if (saved.status !== 303) throw new Error(`a profile was answered ${saved.status}`);
  expectOk(await send(`${urls.pilot}/matches`, {}), 'matches');
  expectOk(await send(`${urls.pilot}/ask`, { question: PERSON.essay }), 'a question');
  expectOk(await sendJson(`${urls.pages}/leads`, { email, name: PERSON['the name of a lead'] }), 'a lead');
}

async function liveAsProvider(system: LocalSystem, urls: Urls, account: Account): Promise<void> {
  const { email, send } = account;
  const name = PERSON['the name of a provider'];
  const registered = await sendJson(`${urls.register}/providers`, { name, email });
  expectOk(registered, 'a registration');
  const providerId = String(registered.body['provider_id']);
  account.actors.push(providerId);
  const payment = paidBy(email, PERSON.card, providerId);
  const signed = { 'stripe-signature': signature(await system.webhookSecret(), payment) };
  expectOk(await sendJson(`${urls.register}/webhooks/stripe`, payment, signed), 'a payment');
  const scholarship = {
    title: 'A year of olives',
    description: 'For whoever plants.',
    amount_cents: 100_000,
  };
  expectOk(await send(`${urls.api}/scholarships`, scholarship), 'a scholarship');
}

function expectOk({ status, body }: { status: number; body: Record<string, unknown> }, what: string): void {
  if (status >= 300) throw new Error(`${what} was answered ${status} ${body['code']}`);
}

/** Sends JSON, or a form where that is given; a text is JSON already. */
async function sendJson(url: string, json: unknown, headers: Record<string, string> = {}) {
  const isForm = json instanceof URLSearchParams;
  const response = await fetch(url, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
      ...(isForm ? {} : { accept: 'application/json' }),
      ...headers,
    },
    body: isForm || typeof json === 'string' ? String(json) : JSON.stringify(json),
    signal: AbortSignal.timeout(30_000),
  });
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  const text = await response.text();
  return { status: response.status, body: isJson ? (JSON.parse(text) as Record<string, unknown>) : {} };
}
