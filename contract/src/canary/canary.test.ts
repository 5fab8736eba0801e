import fc from 'fast-check';
import { APP_LABELS } from '../apps.ts';
import { EVENT_TYPES } from '../events/catalogue.ts';
import { isUuidV4 } from '../ids.ts';
import { canaryAddress, isCanaryAddress } from './canary-address.ts';
import { canaryEventId } from './canary-event-id.ts';
import { mintCanary, verifyCanary } from './canary-token.ts';

const KEY = 'canary-key';
const canaryIds = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);

describe('canary token', () => {
  test('proves its canary until not_after, under its own key only', () => {
    fc.assert(
      fc.property(canaryIds, fc.nat(), fc.string({ minLength: 1 }), (canaryId, notAfterMs, key) => {
        const token = mintCanary(key, { canaryId, notAfterMs });
        expect(verifyCanary(token, key, notAfterMs)).toEqual({ canaryId });
        expect(verifyCanary(token, key, notAfterMs + 1)).toBeUndefined();
        expect(verifyCanary(token, `${key}x`, 0)).toBeUndefined();
      }),
    );
  });

  test('a token whose id, end or signature was changed proves nothing', () => {
    const token = mintCanary(KEY, { canaryId: 'probe', notAfterMs: 5_000 });
    const [id = '', end = '', mac = ''] = token.split('.');
    const forged = [
      `probe2.${end}.${mac}`,
      `${id}.9000.${mac}`,
      `${id}.0${end}.${mac}`,
      `${id}.${end}.${'A'.repeat(43)}`,
    ];
    for (const one of [...forged, `${token} `, `${token}, ${token}`, `${id}.${end}`, '']) {
      expect(verifyCanary(one, KEY, 0)).toBeUndefined();
    }
  });

  test('without a token or without a key nothing is proven', () => {
    const token = mintCanary(KEY, { canaryId: 'probe', notAfterMs: 5_000 });
    expect(verifyCanary(undefined, KEY, 0)).toBeUndefined();
    expect(verifyCanary(token, undefined, 0)).toBeUndefined();
    expect(verifyCanary(mintCanary('', { canaryId: 'probe', notAfterMs: 5_000 }), '', 0)).toBeUndefined();
  });

  test('an id that would break the token is refused when it is minted', () => {
    for (const canaryId of ['', 'a.b', 'a b', 'x'.repeat(65)]) {
      expect(() => mintCanary(KEY, { canaryId, notAfterMs: 0 })).toThrow(RangeError);
    }
  });
});

describe('canary event id', () => {
  const labels = fc.constantFrom(...APP_LABELS);
  const types = fc.constantFrom(...EVENT_TYPES);

  test('is v4-shaped and always the same', () => {
    fc.assert(
      fc.property(canaryIds, labels, types, (canaryId, label, eventType) => {
        const id = canaryEventId({ key: KEY, canaryId, label, eventType });
        expect(isUuidV4(id)).toBe(true);
        expect(canaryEventId({ key: KEY, canaryId, label, eventType })).toBe(id);
      }),
    );
  });

  test('differs by canary, app, type and key', () => {
    const ids = new Set<string>();
    for (const key of ['a', 'b']) {
      for (const canaryId of ['c1', 'c2']) {
        for (const label of APP_LABELS) {
          for (const eventType of EVENT_TYPES) ids.add(canaryEventId({ key, canaryId, label, eventType }));
        }
      }
    }
    expect(ids.size).toBe(2 * 2 * APP_LABELS.length * EVENT_TYPES.length);
  });
});

test('the address of a canary is known as one, an address of a person is not', () => {
  expect(isCanaryAddress(canaryAddress('c1'))).toBe(true);
  expect(isCanaryAddress('canary@example.org')).toBe(false);
});
