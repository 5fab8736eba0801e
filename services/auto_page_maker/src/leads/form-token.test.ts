import { judgeFormToken, mintFormToken } from './form-token.ts';

const key = Buffer.alloc(32, 1);
const mintedAt = Date.UTC(2026, 0, 1);
const judge = (token: string | undefined, ageMs: number, withKey = key) =>
  judgeFormToken(token, { key: withKey, nowMs: mintedAt + ageMs, minFillMs: 1_500, maxAgeMs: 86_400_000 });

describe('the hidden token of a form', () => {
  test('is valid after the time that a person needs, with one nonce for one form', () => {
    const token = mintFormToken(key, mintedAt);
    const first = judge(token, 2_000);
    expect(first.kind).toBe('valid');
    expect(judge(token, 3_000)).toEqual(first);
    expect(judge(mintFormToken(key, mintedAt), 2_000)).not.toEqual(first);
  });

  test('is refused when it comes back faster than a person types, or after a day', () => {
    const token = mintFormToken(key, mintedAt);
    expect(judge(token, 300)).toEqual({ kind: 'too_fast' });
    expect(judge(token, 86_400_001)).toEqual({ kind: 'expired' });
  });

  test('is refused when it is missing, altered or signed with another key', () => {
    const token = mintFormToken(key, mintedAt);
    const earlier = token.replace(/^\d+/, String(mintedAt - 60_000));
    for (const forged of [undefined, '', 'x.y.z', earlier])
      expect(judge(forged, 2_000)).toEqual({ kind: 'forged' });
    expect(judge(token, 2_000, Buffer.alloc(32, 2))).toEqual({ kind: 'forged' });
  });
});
