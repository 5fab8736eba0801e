import { createHmac, timingSafeEqual } from 'node:crypto';

export type Canary = { canaryId: string; notAfterMs: number };

const TOKEN = /^([A-Za-z0-9_-]{1,64})\.(\d{1,15})\.([A-Za-z0-9_-]{43})$/;
const CANARY_ID = /^[A-Za-z0-9_-]{1,64}$/;

function sign(key: string, canaryId: string, notAfter: string): Buffer {
  return createHmac('sha256', key).update(`scholar canary v1\n${canaryId}\n${notAfter}`).digest();
}

/**
 * The value of `x-scholar-canary`: `<canary_id>.<not_after>.<HMAC>`, not_after in milliseconds since 1970, the HMAC
 * (SHA-256 under CANARY_KEY) as base64url. Throws RangeError for an id that is not 1 to 64 of A–Z a–z 0–9 _ -.
 */
export function mintCanary(key: string, canary: Canary): string {
  if (!CANARY_ID.test(canary.canaryId)) {
    throw new RangeError('canary id: use 1 to 64 letters, digits, "_" or "-"');
  }
  const notAfter = String(Math.trunc(canary.notAfterMs));
  const mac = sign(key, canary.canaryId, notAfter).toString('base64url');
  return `${canary.canaryId}.${notAfter}.${mac}`;
}

/** The canary that a token proves; undefined without a token or key, for a foreign signature, and after not_after. */
export function verifyCanary(
  token: string | undefined,
  key: string | undefined,
  nowMs: number,
): { canaryId: string } | undefined {
  if (token === undefined || key === undefined || key === '') return undefined;
  const [, canaryId, notAfter, mac] = TOKEN.exec(token) ?? [];
  if (canaryId === undefined || notAfter === undefined || mac === undefined) return undefined;
  const given = Buffer.from(mac, 'base64url');
  const right = sign(key, canaryId, notAfter);
  if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
  return nowMs <= Number(notAfter) ? { canaryId } : undefined;
}
