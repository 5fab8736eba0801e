import { conformanceCases, expectAnswer } from './conformance.ts';

const ID = '5c0aabcd-7e1d-4a2b-9c3f-0d4e5f60abcd';
const find = (side: 'hub' | 'forwarder', name: string) => {
  const one = conformanceCases(side, { key: 'k', label: 'student_pilot' }).find((each) => each.name === name);
  if (one === undefined) throw new Error(`no case ${name}`);
  return one;
};

describe('conformance cases', () => {
  test('carry the key and, for a forwarder, its own label', () => {
    expect(find('hub', 'new-lead').request.headers).toMatchObject({
      authorization: 'Bearer k',
      'x-app-label': 'auto_page_maker',
    });
    expect(find('forwarder', 'new-lead').request.headers['x-app-label']).toBe('student_pilot');
    expect(find('forwarder', 'label-of-another-app').request.headers['x-app-label']).toBe('scholar_auth');
  });

  test('come after the case that they need', () => {
    const names = conformanceCases('hub').map((one) => one.name);
    expect(names.indexOf('content-in-order')).toBeLessThan(names.indexOf('content-reordered'));
    expect(names.indexOf('number-in-order')).toBeLessThan(names.indexOf('number-spelt-otherwise'));
    expect(names.indexOf('content-in-order')).toBeLessThan(names.indexOf('event-id-of-another-event'));
  });

  test('are only those for the configuration that is tested', () => {
    const production = conformanceCases('hub', { policy: { environment: 'production' } });
    expect(production.every((one) => one.policy.environment === 'production')).toBe(true);
    expect(conformanceCases('hub').some((one) => one.expected.code === 'simulated_refused')).toBe(false);
  });
});

describe('expectAnswer', () => {
  const taken = find('hub', 'new-lead');
  const event_id = String(taken.request.headers['x-event-id']);
  const receipt = {
    accepted: true,
    persisted: true,
    event_id,
    received_at: '2026-01-31T12:00:00Z',
    duplicate: false,
    request_id: 'r',
  };

  test('is content with the right answer, parsed or as text', () => {
    expectAnswer(taken, { status: 201, body: receipt });
    expectAnswer(taken, { status: 200, body: JSON.stringify({ ...receipt, duplicate: true }) });
    const queued = { accepted: true, persisted: false, queued: true, event_id };
    expectAnswer(find('forwarder', 'new-lead'), { status: 202, body: queued });
  });

  test.each([
    ['the wrong status', 500, receipt],
    ['persisted:false', 201, { ...receipt, persisted: false }],
    ['another id', 201, { ...receipt, event_id: ID }],
    ['a duplicate under 201', 201, { ...receipt, duplicate: true }],
    ['a page', 201, '<html>'],
  ])('names the vector when a receipt has %s', (_, status, body) => {
    expect(() => expectAnswer(taken, { status, body })).toThrow(/hub, vector new-lead: expected/);
  });

  test('tells code and pointer of a wrong refusal', () => {
    const refused = find('hub', 'no-source');
    const body = {
      type: 'urn:x',
      title: 't',
      status: 422,
      code: 'pii_detected',
      pointer: '/payload',
      event_id: refused.request.headers['x-event-id'],
    };
    expect(() => expectAnswer(refused, { status: 422, body })).toThrow(
      /expected code contract_violation, got pii_detected; expected pointer "\/source", got "\/payload"/,
    );
  });
});
