import type { AppLabel } from '@scholar/contract';
import { type Json, PERSON, paidBy, type Send } from './person.ts';

const NONE = PERSON['a key that is none'];

/**
 * What a person types into links of mails, forms, questions and requests about their data, right and wrong, and what Stripe
 * tells of them: each route that takes something of a person has it said to.
 * @param input.token of somebody who is signed in.
 */
export async function plantAtForms(input: {
  send: Send;
  json: Json;
  urls: Record<string, string>;
  token: string;
}): Promise<void> {
  const { send, json, urls, token } = input;
  const at = (label: AppLabel, path: string) => `${urls[label]}${path}`;
  const signedIn = { authorization: `Bearer ${token}` };
  const form = (fields: Record<string, string>, headers: Record<string, string> = {}): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html', ...headers },
    body: new URLSearchParams(fields).toString(),
  });
  const get = (headers: Record<string, string> = {}): RequestInit => ({ method: 'GET', headers });
  const essays = `${PERSON.essay} ${PERSON.student} ${PERSON.card}`;

  const requests: [name: string, url: string, init: RequestInit][] = [
    ['a lost password', at('scholar_auth', '/password/forgot'), json({ email: PERSON.student })],
    ['a lost password of nobody', at('scholar_auth', '/password/forgot'), form({ email: PERSON.refused })],
    ['a wish for a link', at('scholar_auth', '/verify-email/request'), json({ email: PERSON.lead })],
    ['a dead link', at('scholar_auth', `/verify-email?token=${NONE}`), get()],
    ['a dead link, confirmed', at('scholar_auth', '/verify-email'), json({ token: NONE })],
    [
      'a dead link with a password',
      at('scholar_auth', '/password/new'),
      json({ token: NONE, password: PERSON.password }),
    ],
    [
      'an export without the password',
      at('scholar_auth', '/privacy/exports'),
      json({ password: PERSON['wrong password'] }, signedIn),
    ],
    ['an export', at('scholar_auth', '/privacy/exports'), json({ password: PERSON.password }, signedIn)],
    [
      'an erasure without the password',
      at('scholar_auth', '/privacy/erasures'),
      json({ password: PERSON['wrong password'] }, signedIn),
    ],
    ['an erasure of an address', at('scholar_auth', `/privacy/erasures/${PERSON.refused}`), get()],
    [
      'a wild erasure',
      at('scholar_auth', '/privacy/erasures'),
      json({ [PERSON.refused]: PERSON.card }, signedIn),
    ],
    [
      'facets of an address',
      at('scholarship_api', `/scholarships/facets?q=${encodeURIComponent(PERSON.refused)}`),
      get(),
    ],
    [
      'wild facets',
      at('scholarship_api', `/scholarships/facets?${encodeURIComponent(PERSON.refused)}=1&gpa=${NONE}`),
      get(),
    ],
    [
      'a draft of a student',
      at('scholarship_api', '/scholarships'),
      json({ title: PERSON.essay, [PERSON.refused]: 1 }, signedIn),
    ],
    [
      'a session of nobody',
      at('scholarship_api', '/checkout/sessions'),
      json({ email: PERSON.payer, x: PERSON.card }, signedIn),
    ],
    [
      'matches of wild words',
      at('scholarship_agent', '/matches'),
      json({ profile: { field: essays, age: PERSON.card } }, signedIn),
    ],
    ['a question', at('scholarship_sage', '/answers'), json({ question: essays }, signedIn)],
    [
      'a question to be streamed',
      at('scholarship_sage', '/answers'),
      json({ question: essays }, { ...signedIn, accept: 'text/event-stream' }),
    ],
    [
      'an endless question',
      at('scholarship_sage', '/answers'),
      json({ question: essays.repeat(20) }, signedIn),
    ],
    [
      'a sign-in on the page',
      at('student_pilot', '/login'),
      form({ email: PERSON.student, password: PERSON['wrong password'] }),
    ],
    [
      'a profile',
      at('student_pilot', '/profile'),
      form({ field: essays, age: PERSON.card, citizenship: PERSON.refused }, signedIn),
    ],
    ['a question on the page', at('student_pilot', '/ask'), form({ question: essays }, signedIn)],
    ['a search on the page', at('student_pilot', `/scholarships?q=${encodeURIComponent(essays)}`), get()],
    [
      'an answer about visits',
      at('student_pilot', '/consent'),
      form({ choice: 'yes', back: `/${PERSON.refused}` }),
    ],
    [
      'a page that is counted',
      at('student_pilot', `/login?next=${PERSON.refused}`),
      get({ cookie: `scholar_consent=views; scholar_visit=${PERSON.refused}` }),
    ],
    [
      'data on the page',
      at('student_pilot', '/my-data/export'),
      form({ export_password: PERSON['wrong password'] }, signedIn),
    ],
    [
      'a wrong provider',
      at('provider_register', '/providers'),
      form({ name: PERSON['the name of a provider'], email: PERSON.essay }),
    ],
    [
      'a provider by the form',
      at('provider_register', '/providers'),
      form({ name: PERSON['the name of a provider'], email: PERSON.payer, password: PERSON.password }),
    ],
    [
      'a provider of an address',
      at('provider_register', `/providers/${PERSON.refused}`),
      get({ accept: 'text/html' }),
    ],
    [
      'a refund',
      at('provider_register', '/webhooks/stripe'),
      json(refundOf(PERSON.payer), { 'stripe-signature': NONE }),
    ],
    [
      'a payment of a stranger',
      at('provider_register', '/webhooks/stripe'),
      json(paidBy(PERSON.payer, PERSON.card, PERSON.refused)),
    ],
    [
      'a lead without its token',
      at('auto_page_maker', '/leads'),
      form({ email: PERSON.lead, name: PERSON['the name of a lead'] }),
    ],
    [
      'a lead of a program',
      at('auto_page_maker', '/leads'),
      form({ email: PERSON.refused, website: PERSON.card, form_token: NONE }),
    ],
  ];
  for (const [name, url, init] of requests) await send(name, url, init);
}

function refundOf(email: string): string {
  const charge = {
    id: 'ch_planted',
    object: 'charge',
    payment_intent: 'pi_planted',
    billing_details: { email },
  };
  return JSON.stringify({
    id: 'evt_refund',
    object: 'event',
    type: 'charge.refunded',
    data: { object: charge },
  });
}
