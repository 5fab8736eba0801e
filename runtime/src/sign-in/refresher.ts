import { createHash } from 'node:crypto';
import type { Clock } from '../clock/index.ts';
import type { Accounts } from './accounts-api.ts';

export type Refresh = Accounts['refresh'];

/** A browser's requests that were under way with the old cookies come within this time. */
const REMEMBER_MS = 30_000;
const MAX_REMEMBERED = 10_000;

type Entry = { outcome: ReturnType<Refresh>; untilMs: number };

/**
 * One refresh per token, whoever asks meanwhile or shortly after gets the same pair. A refresh token works once, and
 * scholar_auth ends the session of one that comes twice; a browser sends the old one with every request that it
 * began before the new cookies arrived.
 */
export function createRefresher(deps: { refresh: Refresh; clock: Clock }): Refresh {
  const known = new Map<string, Entry>();

  function forgetOld(nowMs: number): void {
    // A map keeps the order of insertion, so the oldest come first.
    for (const [key, { untilMs }] of known) {
      if (untilMs > nowMs && known.size < MAX_REMEMBERED) return;
      known.delete(key);
    }
  }

  return async (token) => {
    const key = createHash('sha256').update(token).digest('base64url');
    const nowMs = deps.clock.monotonic();
    const entry = known.get(key);
    if (entry && entry.untilMs > nowMs) return entry.outcome;
    forgetOld(nowMs);
    known.delete(key);
    const outcome = deps.refresh(token);
    known.set(key, { outcome, untilMs: nowMs + REMEMBER_MS });
    // Nothing was decided, so the next request may ask anew.
    if ((await outcome).kind === 'unavailable') known.delete(key);
    return outcome;
  };
}
