import { canaryEventId } from '@scholar/contract';
import {
  createServiceHarness,
  type HttpStub,
  type ServiceHarness,
  type StubAnswer,
} from '@scholar/runtime/testing';
import { service } from '../service.ts';
import { createRegisterRig, type RegisterRig } from '../testing/register-rig.ts';

let rig: RegisterRig;
let a6: ServiceHarness;
let a2: HttpStub;
let a2Answer: StubAnswer;

beforeAll(async () => {
  rig = await createRegisterRig({ A6_PUBLIC_URL: 'http://a6.example' });
  ({ a6, a2 } = rig);
  rig.answers.a2 = () => a2Answer;
});
afterAll(() => rig.close());
beforeEach(() => {
  rig.answers.a1 = rig.account();
});

const provider = {
  name: 'Harbour Trust',
  email: 'office@harbour.example',
  website: 'https://harbour.example',
  country: 'us',
};
const html = { accept: 'text/html' };
const password = 'four words put together';

const postJson = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  a6.fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const postForm = (path: string, fields: Record<string, string>) =>
  a6.fetch(path, { method: 'POST', headers: html, body: new URLSearchParams(fields) });

async function register(): Promise<string> {
  const response = await postJson('/providers', provider);
  expect(response.status).toBe(201);
  return ((await response.json()) as { provider_id: string }).provider_id;
}

test('a provider is registered by JSON: one row and one ProviderOnboarded, without its e-mail address', async () => {
  const before = (await a6.events()).length;
  const id = await register();
  const [event, ...more] = (await a6.events()).slice(before);
  expect(more).toEqual([]);
  expect(event?.event).toMatchObject({
    event_type: 'ProviderOnboarded',
    actor_id: id,
    source: '/providers',
    payload: { provider_id: id },
  });
  expect(JSON.stringify(event)).not.toContain('harbour');
  const { rows } = await a6.pool.query('SELECT name, country FROM providers WHERE id = $1', [id]);
  expect(rows).toEqual([{ name: 'Harbour Trust', country: 'US' }]);
});

test('the form works without scripts: sent twice it is one provider, and it leads to the page of the provider', async () => {
  const before = (await a6.events()).length;
  const page = await (await a6.fetch('/', { headers: html })).text();
  const [, id = ''] = /name="id" value="([^"]+)"/.exec(page) ?? [];
  const sent = [
    await postForm('/providers', { ...provider, password, id }),
    await postForm('/providers', { ...provider, password, id }),
  ];
  expect(sent.map((one) => [one.status, one.headers.get('location')])).toEqual([
    [303, `/providers/${id}`],
    [303, `/providers/${id}`],
  ]);
  expect((await a6.events()).slice(before)).toHaveLength(1);
  const cookie =
    sent[0]?.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ') ?? '';
  const own = await (await a6.fetch(`/providers/${id}`, { headers: { ...html, cookie } })).text();
  expect(own).toContain('Harbour Trust');
  expect(own).toContain('$49.00');
  expect(own).not.toContain('office@');
});

test('a form with faults keeps what was typed, escapes it, and says beside each field what is expected', async () => {
  const response = await postForm('/providers', {
    name: '<b>',
    email: 'no-address',
    website: 'ftp://x',
    country: 'Germany',
  });
  expect(response.status).toBe(422);
  const page = await response.text();
  for (const name of ['email', 'website', 'country']) {
    expect(page).toContain(`id="field-${name}-error"`);
    expect(page).toMatch(new RegExp(`aria-describedby="[^"]*field-${name}-error`));
  }
  expect(page).toContain('value="no-address"');
  expect(page).toContain('value="&lt;b&gt;"');
  expect(page).not.toContain('<b>"');
});

test('empty optional fields of the form are absent', async () => {
  const response = await postForm('/providers', {
    name: 'Plain Fund',
    email: 'a@plain.example',
    password,
    website: '',
    country: '',
  });
  expect(response.status).toBe(303);
});

test('JSON with faults is 422 with pointers', async () => {
  const response = await postJson('/providers', { name: 'x', email: 7 });
  expect(response.status).toBe(422);
  expect(JSON.stringify(await response.json())).toContain('/email');
});

test('a canary is simulated under the id that its prober knows', async () => {
  const before = (await a6.events()).length;
  await postJson('/providers', provider, { 'x-scholar-canary': a6.canaryToken('probe-p') });
  const [event] = (await a6.events()).slice(before);
  const identity = {
    key: a6.canaryKey,
    canaryId: 'probe-p',
    label: 'provider_register',
    eventType: 'ProviderOnboarded',
  };
  expect(event).toMatchObject({ eventId: canaryEventId(identity), event: { payload: { simulated: true } } });
});

test('an unknown provider is 404', async () => {
  for (const id of ['x', '00000000-0000-4000-8000-000000000000']) {
    expect((await a6.fetch(`/providers/${id}`)).status).toBe(404);
    expect((await postForm(`/providers/${id}/checkout`, {})).status).toBe(404);
  }
});

describe('checkout', () => {
  test('leads to the payment page that scholarship_api opened, asked with our service token', async () => {
    const id = await register();
    a2Answer = { status: 201, body: { id: 'cs_test_1', url: 'https://checkout.stripe.com/c/pay/cs_test_1' } };
    const response = await postForm(`/providers/${id}/checkout`, {});
    expect([response.status, response.headers.get('location')]).toEqual([
      303,
      'https://checkout.stripe.com/c/pay/cs_test_1',
    ]);
    const request = a2.requests.at(-1);
    expect(request?.headers.authorization).toMatch(/^Bearer ey/);
    expect(JSON.parse(request?.body ?? '')).toEqual({
      purpose: 'listing',
      amount_cents: 4900,
      currency: 'USD',
      reference: `listing.${id}.1`,
      provider_id: id,
      success_url: `http://a6.example/providers/${id}?checkout=success`,
      cancel_url: `http://a6.example/providers/${id}?checkout=cancel`,
    });
  });

  test('forms may lead to Stripe, and nowhere else', async () => {
    const policy = (await a6.fetch('/')).headers.get('content-security-policy');
    expect(policy).toContain("form-action 'self' https://checkout.stripe.com");
  });

  test.each([
    ['is down', { status: 503, body: { code: 'unavailable' } }, 'cannot be opened just now'],
    ['has no Stripe key', { status: 503, body: { code: 'stripe_not_configured' } }, 'not set up yet'],
    ['answers nonsense', { status: 201, body: { id: 7 } }, 'cannot be opened just now'],
  ])('when scholarship_api %s, a page says so and the rest goes on', async (_name, answer, words) => {
    const id = await register();
    a2Answer = answer;
    const response = await postForm(`/providers/${id}/checkout`, {});
    expect(response.status).toBe(503);
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(await response.text()).toContain(words);
    expect((await a6.fetch(`/providers/${id}`, { headers: html })).status).toBe(200);
  });

  test('an order that was paid a moment ago is not paid again', async () => {
    const id = await register();
    a2Answer = { status: 409, body: { code: 'order_completed' } };
    const response = await postForm(`/providers/${id}/checkout`, {});
    expect(response.status).toBe(409);
    expect(await response.text()).toContain('being confirmed');
  });
});

test('with scholarship_api and scholar_auth gone, only the payment is unavailable', async () => {
  const lonely = await createServiceHarness(service, {
    env: { A2_URL: 'http://127.0.0.1:9', A1_URL: 'http://127.0.0.1:9' },
  });
  try {
    const registered = await lonely.fetch('/providers', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(provider),
    });
    const { provider_id: id } = (await registered.json()) as { provider_id: string };
    expect(registered.status).toBe(201);
    const checkout = await lonely.fetch(`/providers/${id}/checkout`, { method: 'POST', headers: html });
    expect(checkout.status).toBe(503);
    expect((await lonely.fetch('/ready')).status).toBe(200);
  } finally {
    await lonely.stop();
  }
});
