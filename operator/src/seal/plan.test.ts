import { APP_LABELS, keyDigest, keyFingerprint, ringEntrySchema } from '@scholar/contract';
import { cellPath } from './cell.ts';
import { planSeal, type Sealed, type SealPlan, type SealRequest } from './plan.ts';

const NOTHING: Sealed = { cells: new Set(), ring: [] };
const NOW = '2026-11-29T20:00:00.000Z';

function plan(request: Partial<SealRequest> = {}): SealPlan {
  let made = 0;
  return planSeal({
    ...{ before: NOTHING, given: {}, rotate: [], revoke: [], stagingKey: false, now: NOW },
    random: () => `random-${request.before?.ring.length ?? 0}-${++made}`.padEnd(43, 'x'),
    ...request,
  });
}

/** What a plan leaves behind, as the next run finds it. */
function after(done: SealPlan, before: Sealed = NOTHING): Sealed {
  const cells = new Set(before.cells);
  for (const path of done.drop) cells.delete(path);
  for (const { cell } of done.seal) cells.add(cellPath(cell));
  return { cells, ring: done.ring };
}

const values = (done: SealPlan) => new Map(done.seal.map(({ cell, value }) => [cellPath(cell), value]));

test('an app’s key and the ring entry that knows it are made together, for each of the seven', () => {
  const done = plan();
  const sealed = values(done);
  for (const label of APP_LABELS) {
    const key = sealed.get(`${label}/a8/A8_KEY`) ?? '';
    const id = `${label}-${keyFingerprint(key)}`;
    const entry = ringEntrySchema.parse(
      JSON.parse(sealed.get(`auto_com_center/keys/${id}.json`) ?? 'missing'),
    );
    expect(entry).toMatchObject({ sha256: keyDigest(key), labels: [label], role: 'emit', not_after: null });
    const record = done.ring.find(({ name }) => name === label);
    expect(record).toEqual({ id, name: label, fingerprint: keyFingerprint(key), since: NOW, current: true });
  }
});

test('a service’s secret and what scholar_auth knows of it are made together', () => {
  const sealed = values(plan());
  for (const label of APP_LABELS) {
    const secret = sealed.get(`${label}/app/SERVICE_SECRET`) ?? '';
    const client = sealed.get(`scholar_auth/clients/${label}.json`) ?? '';
    expect(JSON.parse(client)).toEqual({ sha256: keyDigest(secret) });
  }
});

test('the canary key is one and the same in all nine Secrets', () => {
  const places = plan().seal.filter(({ cell }) => cell.key === 'CANARY_KEY');
  expect(places).toHaveLength(9);
  expect(new Set(places.map(({ value }) => value)).size).toBe(1);
});

test('what only its owner has is named as missing, and taken from what is given', () => {
  const missing = plan().missing;
  expect(missing.filter((id) => id.endsWith('.DATABASE_URL'))).toHaveLength(8);
  expect(missing).toEqual(
    expect.arrayContaining(['scholarship_api.STRIPE_SECRET_KEY', 'provider_register.STRIPE_WEBHOOK_SECRET']),
  );
  expect(missing).toHaveLength(11);
  const url = 'postgresql://a:b@db/scholar';
  const done = plan({ given: { 'scholar_auth.DATABASE_URL': url } });
  expect(values(done).get('scholar_auth/app/DATABASE_URL')).toBe(url);
  expect(done.missing).toHaveLength(10);
});

test('an SMTP server is sealed where one is given, and not missed where none is', () => {
  expect(plan().missing).not.toContain('scholar_auth.SMTP_URL');
  const done = plan({ given: { 'scholar_auth.SMTP_URL': 'smtps://u:p@mail.example' } });
  expect(values(done).get('scholar_auth/app/SMTP_URL')).toBe('smtps://u:p@mail.example');
  expect(plan({ before: after(done) }).kept).toContain('scholar_auth.SMTP_URL');
});

test('one key for all labels exists only where it is asked for', () => {
  expect(plan().ring.map(({ name }) => name)).not.toContain('staging-all');
  expect(plan({ stagingKey: true }).ring.map(({ name }) => name)).toContain('staging-all');
});

test('a second run touches nothing that is complete', () => {
  const before = after(plan());
  const again = plan({ before });
  expect(again.seal).toEqual([]);
  expect(again.ring).toEqual(before.ring);
});

test('a value that has lost one of its places is made anew in all of them', () => {
  const before = after(plan());
  const cells = new Set(before.cells);
  cells.delete('student_pilot/a8/CANARY_KEY');
  const done = plan({ before: { ...before, cells } });
  expect(done.made).toEqual(['CANARY_KEY']);
  expect(done.seal).toHaveLength(9);
});

test('rotation: a new key beside the old, then only the new; nothing else is sealed again', () => {
  const first = after(plan());
  const rotated = plan({ before: first, rotate: ['scholar_auth'] });
  expect(rotated.made).toEqual(['scholar_auth.A8_KEY']);
  expect(rotated.drop).toEqual([]);
  const [old, fresh] = rotated.ring.filter(({ name }) => name === 'scholar_auth');
  expect([old?.current, fresh?.current]).toEqual([false, true]);
  const both = after(rotated, first);
  for (const record of [old, fresh]) expect(both.cells).toContain(`auto_com_center/keys/${record?.id}.json`);

  const revoked = plan({ before: both, revoke: ['scholar_auth'] });
  expect(revoked.seal).toEqual([]);
  expect(revoked.revoked).toEqual([old?.id]);
  const last = after(revoked, both);
  expect(last.cells).not.toContain(`auto_com_center/keys/${old?.id}.json`);
  expect(last.ring.filter(({ name }) => name === 'scholar_auth')).toEqual([fresh]);
});

test('a given key of A8 goes beside the old one like a rotated one', () => {
  const first = after(plan());
  const key = 'k'.repeat(43);
  const done = plan({ before: first, given: { 'scholar_auth.A8_KEY': key } });
  expect(done.ring.filter(({ name }) => name === 'scholar_auth')).toHaveLength(2);
  expect(values(done).get('scholar_auth/a8/A8_KEY')).toBe(key);
});

test('what has no ring entry is replaced at once by its id', () => {
  const before = after(plan());
  const done = plan({ before, rotate: ['CANARY_KEY', 'scholar_auth.CONTROL_TOKEN'] });
  expect(done.made.toSorted()).toEqual(['CANARY_KEY', 'scholar_auth.CONTROL_TOKEN']);
});

describe('a step out of turn is refused with what to do', () => {
  const before = after(plan());
  const twice = after(plan({ before, rotate: ['read'] }), before);
  test.each([
    ['the only key cannot be revoked', { before, revoke: ['read'] }, /--rotate read first/],
    ['a third key is not made', { before: twice, rotate: ['read'] }, /Finish with --revoke read/],
    ['not both at once', { before: twice, rotate: ['read'], revoke: ['read'] }, /rotate first/],
    ['nothing to rotate yet', { rotate: ['read'] }, /has no key yet/],
    [
      'a name that is none',
      { before, rotate: ['scholar_aut'] },
      /there is no scholar_aut. Known: scholar_auth/,
    ],
    ['what is not made here', { before, rotate: ['scholar_auth.DATABASE_URL'] }, /Give its new value/],
    ['what has sealed something', { before, rotate: ['scholar_auth.KEY_ENCRYPTION_KEY'] }, /Give new,old/],
    [
      'what finds every account',
      { before, rotate: ['scholar_auth.EMAIL_HASH_KEY'] },
      /as long as there are users/,
    ],
    ['no ring key', { before, revoke: ['CANARY_KEY'] }, /--rotate CANARY_KEY replaces it at once/],
    ['a value that is none', { given: { DATABASE_URL: 'x' } }, /DATABASE_URL: no such value/],
  ])('%s', (_case, request, message) => {
    expect(() => plan(request)).toThrow(message);
  });
});
