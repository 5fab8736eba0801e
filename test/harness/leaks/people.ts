import { randomUUID } from 'node:crypto';
import { type AppLabel, eventHeaders } from '@scholar/contract';
import { html } from '@scholar/runtime/http';
import type { LocalSystem } from '../local-system.ts';
import { plantAtForms } from './forms.ts';
import { type Json, PERSON, paidBy, type Send, signature } from './person.ts';
import type { Telling } from './tellings.ts';

export type Planted = { secrets: Map<string, string>; answers: Telling[]; statuses: number[] };

/**
 * Sign-ups, sign-ins, leads, payments and events, good ones and ones that are refused, all full of PERSON. What was
 * answered to the refused ones is a telling too; tokens that were handed out are further secrets.
 */
export async function plant(system: LocalSystem): Promise<Planted> {
  const planted: Planted = { secrets: new Map(Object.entries(PERSON)), answers: [], statuses: [] };
  const urls = Object.fromEntries((await system.status()).apps.map(({ label, url }) => [label, url]));
  const send = async (name: string, url: string, init: RequestInit): Promise<string> => {
    const response = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(30_000) });
    const text = await response.text();
    planted.statuses.push(response.status);
    if (response.status >= 400)
      planted.answers.push({ where: `the answer to ${name}`, text: withoutKept(text, response, init) });
    return text;
  };
  const json = (value: unknown, headers: Record<string, string> = {}): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof value === 'string' ? value : JSON.stringify(value),
  });
  await plantAtApps({ send, json, urls, planted, system });
  await plantAtForms({ send, json, urls, token: planted.secrets.get('access_token of the refresh') ?? '' });
  await plantAtIngest({ send, json, system });
  return planted;
}

/** A form that comes back to who filled it in keeps what they typed, their password apart. */
function withoutKept(text: string, { headers }: Response, { body }: RequestInit): string {
  const isForm = typeof body === 'string' && headers.get('content-type')?.startsWith('text/html') === true;
  if (!isForm) return text;
  const typed = [...new URLSearchParams(body)].filter(([name]) => !/password|key/.test(name));
  return typed.reduce((left, [, value]) => left.replaceAll(html`${value}`.toString(), ''), text);
}

async function plantAtApps(input: {
  send: Send;
  json: Json;
  urls: Record<string, string>;
  planted: Planted;
  system: LocalSystem;
}): Promise<void> {
  const { send, json, urls, planted, system } = input;
  const at = (label: AppLabel, path: string) => `${urls[label]}${path}`;
  const jane = { email: PERSON.student, password: PERSON.password };
  await send('a sign-up', at('scholar_auth', '/signup'), json(jane));
  await send('a second sign-up', at('scholar_auth', '/signup'), json(jane));
  const wrong = { ...jane, password: PERSON['wrong password'] };
  await send('a wrong password', at('scholar_auth', '/login'), json(wrong));
  const tokens = JSON.parse(await send('a sign-in', at('scholar_auth', '/login'), json(jane)));
  keepTokens(planted, 'of the sign-in', tokens);
  const used = json({ refresh_token: tokens.refresh_token });
  const again = await send('a refresh', at('scholar_auth', '/refresh'), used);
  keepTokens(planted, 'of the refresh', JSON.parse(again));
  await send('a token used twice', at('scholar_auth', '/refresh'), used);
  await send('a broken sign-up', at('scholar_auth', '/signup'), json(`{"email":"${PERSON.refused}",`));
  const wild = { email: PERSON.refused, [PERSON.refused]: PERSON.card, password: 1 };
  await send('a wild sign-up', at('scholar_auth', '/signup'), json(wild));

  await send('a lead', at('auto_page_maker', '/leads'), json({ email: PERSON.lead }));
  await send('a second lead', at('auto_page_maker', '/leads'), json({ email: PERSON.lead }));
  await send(
    'a wild lead',
    at('auto_page_maker', '/leads'),
    json({ email: [PERSON.refused], x: PERSON.card }),
  );
  await send('a provider', at('provider_register', '/providers'), json({ name: 'P', email: PERSON.payer }));
  for (const label of Object.keys(urls) as AppLabel[]) {
    await send('an address in a path', at(label, `/${PERSON.refused}`), { method: 'GET' });
    await send('a key in a query', at(label, `/none?key=${PERSON['a key that is none']}`), { method: 'GET' });
    const bearer = { authorization: `Bearer ${PERSON['a key that is none']}` };
    await send('a key that is none', at(label, '/matches'), json({ a: PERSON.refused }, bearer));
  }

  const payment = paidBy(PERSON.payer, PERSON.card);
  const webhook = at('provider_register', '/webhooks/stripe');
  const signed = { 'stripe-signature': signature(await system.webhookSecret(), payment) };
  await send('a payment', webhook, json(payment, signed));
  await send('a payment sent twice', webhook, json(payment, signed));
  const forged = { 'stripe-signature': signature(PERSON['a key that is none'], payment) };
  await send('a forged payment', webhook, json(payment, forged));
}

function keepTokens(planted: Planted, where: string, tokens: Record<string, unknown>): void {
  for (const [name, token] of Object.entries(tokens))
    if (name.endsWith('token') && typeof token === 'string') planted.secrets.set(`${name} ${where}`, token);
}

/** To A8 itself and to the forwarder's intake: refused for what it holds, for its key, for its form. */
async function plantAtIngest({
  send,
  json,
  system,
}: {
  send: Send;
  json: Json;
  system: LocalSystem;
}): Promise<void> {
  const { a8, apps } = await system.status();
  const key = await system.emitKey();
  const label = 'scholar_auth';
  const intake = apps.find((app) => app.label === label)?.forwarder.intake ?? '';
  const event = (changes: Record<string, unknown>) => ({
    ...{ event_type: 'PageView', occurred_at: '2026-11-24T12:00:00Z', actor_id: 'user_1', source: '/' },
    payload: {},
    ...changes,
  });
  const bodies: Record<string, unknown> = {
    'an address as actor': event({ actor_id: PERSON.refused }),
    'an address in the details': event({ payload: { details: `write to ${PERSON.refused}` } }),
    'an address as key': event({ [PERSON.refused]: 1 }),
    'an address as key of the payload': event({ payload: { [PERSON.refused]: 1 } }),
    'an address as type': event({ event_type: PERSON.refused }),
    'a card': event({ payload: { reference: PERSON.card } }),
    'a social security number': event({ payload: { details: PERSON['social security number'] } }),
    'a broken body': `{"actor_id":"${PERSON.refused}",`,
    'an address for a time': event({ occurred_at: PERSON.refused }),
  };
  for (const [name, body] of Object.entries(bodies)) {
    const headers = eventHeaders({ label, eventId: randomUUID(), key });
    await send(`${name} to A8`, `${a8.url}/events`, json(body, headers));
    const own = eventHeaders({ label, eventId: randomUUID() });
    await send(`${name} to the forwarder`, `${intake}/events`, json(body, own));
  }
  const good = (changes: Record<string, string>) =>
    json(event({}), { ...eventHeaders({ label, eventId: randomUUID(), key }), ...changes });
  const odd: Record<string, string>[] = [
    { authorization: `Bearer ${PERSON['a key that is none']}` },
    { authorization: `Basic ${PERSON['a key that is none']}` },
    ...[
      'x-event-id',
      'x-app-label',
      'x-scholar-protocol',
      'content-type',
      'x-scholar-canary',
      'traceparent',
    ].map((name) => ({ [name]: PERSON.refused })),
    { 'x-request-id': PERSON.refused, 'x-app-label': 'none' },
  ];
  for (const changes of odd)
    await send(`a header ${Object.keys(changes)[0]}`, `${a8.url}/events`, good(changes));
  await send('the legacy endpoint', `${a8.url}/ingest`, json({ email: PERSON.refused }));
  const first = good({});
  await send('an event', `${a8.url}/events`, first);
  await send('another under its id', `${a8.url}/events`, {
    ...first,
    body: JSON.stringify(event({ actor_id: 'b' })),
  });
  const form = await fetch(a8.url, { headers: { accept: 'text/html' } });
  const cookie = form.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
  const csrf = /name="csrf" value="([^"]+)"/.exec(await form.text())?.[1] ?? '';
  await send('a wrong sign-in', `${a8.url}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: a8.url, cookie },
    body: `csrf=${csrf}&key=${PERSON['a key that is none']}`,
  });
}
