import { canaryEventId } from '@scholar/contract';
import { createLogger } from '@scholar/runtime/log';
import { waitFor } from '@scholar/runtime/testing';
import { type PageMakerRig, startPageMaker, userIdOf } from '../testing/page-maker-rig.ts';

let rig: PageMakerRig;
beforeAll(async () => {
  rig = await startPageMaker();
});
afterAll(() => rig.stop());
afterEach(async () => {
  rig.answerAccounts(undefined);
  await rig.pool.query('DELETE FROM leads');
});

const email = 'ada@example.org';
const eventsOf = async (leadId: unknown) =>
  (await rig.events()).filter(({ event }) => event.payload['reference'] === leadId);
const stateOf = async (leadId: unknown) => {
  const authorization = `Bearer ${await rig.identity.serviceToken('scholarship_api')}`;
  const response = await rig.fetch(`/leads/${leadId}`, { headers: { authorization } });
  return (await response.json()) as { user: { state: string } };
};

describe('POST /leads', () => {
  test('stores the lead, makes the account in the same flow, and sends one NewLead without the person', async () => {
    const lead = {
      email: ' Ada@Example.org',
      name: 'Ada L.',
      scholarship_id: 's1',
      page: 'award-s1-00aa11bb',
    };
    const answer = await rig.postLead(lead);
    expect(answer).toEqual({ status: 201, body: { lead_id: expect.any(String), user: 'linked' } });
    const events = await eventsOf(answer.body['lead_id']);
    expect(events.map(({ event }) => event)).toEqual([
      expect.objectContaining({
        event_type: 'NewLead',
        actor_id: 'system',
        source: '/p/award-s1-00aa11bb',
        payload: { details: 'lead', reference: answer.body['lead_id'], scholarship_id: 's1' },
      }),
    ]);
    expect(await stateOf(answer.body['lead_id'])).toMatchObject({
      simulated: false,
      user: { state: 'linked', user_id: userIdOf(email), attempts: 1 },
    });
  });

  test('asks scholar_auth as a service, with the normalised address', async () => {
    await rig.postLead({ email: 'Grace@Example.org' });
    const asked = rig.accountRequests().at(-1);
    expect(JSON.parse(asked?.body ?? '')).toEqual({ email: 'grace@example.org', source: '/leads' });
    expect(asked?.headers.authorization).toMatch(/^Bearer ey/);
    expect(asked?.headers['x-scholar-canary']).toBeUndefined();
  });

  test('says for each field what is wrong', async () => {
    const answer = await rig.postLead({ email: 'nobody', scholarship_id: 'a b', page: '../x' });
    expect(answer).toMatchObject({ status: 422, body: { code: 'validation_failed' } });
    expect((answer.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer)).toEqual([
      '/email',
      '/scholarship_id',
      '/page',
    ]);
  });

  test('one Idempotency-Key is one lead, however often and however parallel it comes', async () => {
    const headers = { 'idempotency-key': 'k-1' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => rig.postLead({ email }, headers)));
    expect(new Set(answers.map(({ body }) => body['lead_id'])).size).toBe(1);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(await eventsOf(answers[0]?.body['lead_id'])).toHaveLength(1);
    expect(await rig.postLead({ email: 'other@example.org' }, headers)).toMatchObject({
      status: 409,
      body: { code: 'idempotency_conflict' },
    });
  });

  test('without a key every request is a lead', async () => {
    const answers = [await rig.postLead({ email }), await rig.postLead({ email })];
    expect(new Set(answers.map(({ body }) => body['lead_id'])).size).toBe(2);
  });

  test('an address that scholar_auth refuses keeps its lead and is not asked for again', async () => {
    rig.answerAccounts(() => ({ status: 422, body: { code: 'validation_failed' } }));
    const answer = await rig.postLead({ email });
    expect(answer).toMatchObject({ status: 201, body: { user: 'refused' } });
    expect(await eventsOf(answer.body['lead_id'])).toHaveLength(1);
  });
});

describe('while scholar_auth is away', () => {
  test.each([
    ['answers 500', () => ({ status: 500, body: {} })],
    ['answers a page of a proxy', () => ({ status: 200, body: '<html>hello</html>' })],
    ['refuses our token', () => ({ status: 401, body: { code: 'unauthorized' } })],
  ])('%s: the lead is taken, and its account follows', async (_what, answer) => {
    rig.answerAccounts(answer);
    const lead = await rig.postLead({ email });
    expect(lead).toMatchObject({ status: 201, body: { user: 'pending' } });
    expect(await eventsOf(lead.body['lead_id'])).toHaveLength(1);
    rig.answerAccounts(undefined);
    await makeDue();
    await waitFor(async () => (await stateOf(lead.body['lead_id'])).user.state === 'linked');
  });

  test('a visitor waits for a silent one no longer than the bound', async () => {
    const slow = await startPageMaker({ LINK_NOW_TIMEOUT: '100ms' });
    let release = (): void => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    slow.answerAccounts(async () => {
      await released;
      return { status: 500 };
    });
    const first = await slow.postLead({ email });
    const second = await slow.postLead({ email });
    expect([first.body['user'], second.body['user']]).toEqual(['pending', 'pending']);
    // The second did not even ask: the silence of a moment ago is remembered.
    expect(slow.accountRequests()).toHaveLength(1);
    release();
    await slow.stop();
  });

  test('every waiting lead is linked, and asked for once more only', async () => {
    rig.answerAccounts(() => ({ status: 503, body: {} }));
    const emails = Array.from({ length: 12 }, (_, i) => `lead${i}@example.org`);
    for (const address of emails) await rig.postLead({ email: address });
    rig.answerAccounts(undefined);
    const before = rig.accountRequests().length;
    await makeDue();
    await waitFor(
      async () => (await rig.pool.query("SELECT 1 FROM user_links WHERE state = 'pending'")).rowCount === 0,
    );
    expect(rig.accountRequests().length - before).toBe(12);
  });
});

describe('a canary lead', () => {
  const canaryEmail = 'canary+c1@canary.invalid';

  test('is simulated, has the event id that the prober knows, and takes its token to scholar_auth', async () => {
    const token = rig.canaryToken('c1');
    const answer = await rig.postLead({ email: canaryEmail }, { 'x-scholar-canary': token });
    expect(answer.status).toBe(201);
    const [sent] = await eventsOf(answer.body['lead_id']);
    const eventId = canaryEventId({
      key: rig.canaryKey,
      canaryId: 'c1',
      label: 'auto_page_maker',
      eventType: 'NewLead',
    });
    expect(sent).toMatchObject({ eventId, canary: token, event: { payload: { simulated: true } } });
    expect(rig.accountRequests().at(-1)?.headers['x-scholar-canary']).toBe(token);
    const seen = await rig.fetch(`/leads/${answer.body['lead_id']}`, {
      headers: { 'x-scholar-canary': token },
    });
    expect(await seen.json()).toMatchObject({ simulated: true, user: { state: 'linked' } });
  });

  test("a canary's address without a valid token is refused", async () => {
    expect(await rig.postLead({ email: canaryEmail })).toMatchObject({
      status: 422,
      body: { code: 'canary_token_required' },
    });
  });
});

test('no line of the log names the person, also when scholar_auth fails', async () => {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const log = createLogger({ label: 'auto_page_maker', role: 'app', level: 'trace', destination });
  const logged = await startPageMaker({ A2_URL: 'http://127.0.0.1:9' }, log);
  logged.answerAccounts(() => ({ status: 500, body: {} }));
  await logged.postLead({ email: 'ada.lovelace@example.org', name: 'Ada Lovelace' });
  await waitFor(() => lines.some((line) => line.includes('the refresh of the catalogue failed')));
  await logged.stop();
  expect(lines.join('')).not.toMatch(/lovelace/i);
  expect(lines.join('')).not.toContain('"level":"error"');
});

describe('GET /leads/{id}', () => {
  test('is for services and canaries, and tells nothing of the person', async () => {
    const { body } = await rig.postLead({ email, name: 'Ada' });
    const path = `/leads/${body['lead_id']}`;
    const user = await rig.identity.userToken();
    expect((await rig.fetch(path)).status).toBe(401);
    expect((await rig.fetch(path, { headers: { authorization: `Bearer ${user}` } })).status).toBe(403);
    expect(JSON.stringify(await stateOf(body['lead_id']))).not.toMatch(/ada/i);
  });

  test('an unknown lead and an id that is none are not found', async () => {
    expect(await stateOf('3f8a2c1e-7d1b-4c55-9a51-0f1f2a3b4c5d')).toMatchObject({ code: 'not_found' });
    expect(await stateOf('1')).toMatchObject({ code: 'not_found' });
  });
});

/** Time passes for what waits. */
async function makeDue(): Promise<void> {
  await rig.pool.query("UPDATE user_links SET next_attempt_at = now() WHERE state = 'pending'");
}
