/** Where events go, or why there is nowhere to send them. */
export type Destination =
  | { ok: true; origin: string; path: string; url: string; key: string }
  | { ok: false; reason: 'no_url'; detail: string; url: undefined }
  | { ok: false; reason: 'no_key'; detail: string; url: string };

/** What may stand in a header field (RFC 9110 section 5.5) without white space: a pasted line break does not belong here. */
const SENDABLE_KEY = /^[\x21-\x7e]+$/;

/**
 * Judges what is configured right now. Neither value is ever part of a message: the URL may carry a password.
 * @param url base of A8; `/events` is added (contract: `POST {A8_URL}/events`).
 */
export function resolveDestination(url: string | undefined, key: string | undefined): Destination {
  const base = parseBase(url);
  if (typeof base === 'string') return { ok: false, reason: 'no_url', detail: base, url: undefined };
  const { origin } = base;
  const path = `${base.pathname.replace(/\/+$/, '')}/events`;
  const target = `${origin}${path}`;
  const fault = keyFault(key);
  if (key === undefined || fault !== undefined) {
    return { ok: false, reason: 'no_key', detail: fault ?? '', url: target };
  }
  return { ok: true, origin, path, url: target, key };
}

function keyFault(key: string | undefined): string | undefined {
  if (!key) return 'A8_KEY is not set: set A8_KEY, or write the file A8_KEY_FILE.';
  if (SENDABLE_KEY.test(key)) return undefined;
  return 'A8_KEY holds characters that no header can carry (white space, control or non-ASCII characters).';
}

function parseBase(url: string | undefined): URL | string {
  if (!url) return 'A8_URL is not set: set A8_URL, or write the file A8_URL_FILE.';
  const base = URL.parse(url);
  if (!base || !/^https?:$/.test(base.protocol)) return 'A8_URL is not an http(s) URL.';
  if (base.search || base.hash || base.username || base.password) {
    return 'A8_URL must be a plain base URL: no query, no fragment, no user and password.';
  }
  return base;
}
