import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const TOKEN = /^(\d{13})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/;

export type FormTokenVerdict =
  | { kind: 'valid'; nonce: string }
  | { kind: 'too_fast' }
  | { kind: 'expired' }
  | { kind: 'forged' };

/** The hidden token of one rendered form: `<issued ms>.<nonce>.<HMAC-SHA256>`. It holds no state on our side. */
export function mintFormToken(key: Buffer, nowMs: number): string {
  const head = `${String(nowMs).padStart(13, '0')}.${randomBytes(16).toString('base64url')}`;
  return `${head}.${sign(key, head)}`;
}

/**
 * Judges a token that came back: made by us, not filled in faster than a person can, not older than the form may be.
 * The nonce tells two submissions of one form from two forms.
 */
export function judgeFormToken(
  token: string | undefined,
  limits: { key: Buffer; nowMs: number; minFillMs: number; maxAgeMs: number },
): FormTokenVerdict {
  const [, issued, nonce, signature] = TOKEN.exec(token ?? '') ?? [];
  if (!issued || !nonce || !signature) return { kind: 'forged' };
  const expected = Buffer.from(sign(limits.key, `${issued}.${nonce}`));
  if (!timingSafeEqual(expected, Buffer.from(signature))) return { kind: 'forged' };
  const age = limits.nowMs - Number(issued);
  if (age > limits.maxAgeMs) return { kind: 'expired' };
  if (age < limits.minFillMs) return { kind: 'too_fast' };
  return { kind: 'valid', nonce };
}

function sign(key: Buffer, head: string): string {
  return createHmac('sha256', key).update(head).digest('base64url');
}
