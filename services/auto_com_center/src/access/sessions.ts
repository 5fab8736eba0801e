import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import type { KeyRing, RingKey } from '../keys/key-ring.ts';
import { tooManyRequests } from './too-many-requests.ts';

export const SESSION_HOURS = 12;
/** 32 random bytes as base64url. */
const SESSION_ID = /^[A-Za-z0-9_-]{43}$/;

export type SessionsOptions = {
  pool: Pool;
  ring: () => KeyRing;
  now: () => number;
  randomBytes: (size: number) => Buffer;
};

/**
 * Sign-ins of browsers. A session is good while it has not expired and the read key behind it is in the ring:
 * taking a key away ends its sessions. The database holds digests of the ids only.
 */
export class Sessions {
  readonly #options: SessionsOptions;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /** Opens a session for a read key and returns its id, the cookie's value. */
  async open(key: RingKey): Promise<string> {
    const { pool, now, randomBytes } = this.#options;
    const id = randomBytes(32).toString('base64url');
    const expiresAt = new Date(now() + SESSION_HOURS * 3_600_000);
    await pool.query('DELETE FROM sessions WHERE expires_at < $1', [new Date(now())]);
    await pool.query(
      'INSERT INTO sessions (id_hash, key_id, key_fingerprint, expires_at) VALUES ($1, $2, $3, $4)',
      [digest(id), key.id, markOf(key), expiresAt],
    );
    return id;
  }

  /**
   * Whether a cookie's value is a session that still holds. It counts as a request of the key behind it.
   * @throws HttpProblem 429 when that key has made too many.
   */
  async holds(id: string | undefined): Promise<boolean> {
    if (id === undefined || !SESSION_ID.test(id)) return false;
    const { pool, ring, now } = this.#options;
    const result = await pool.query<{ key_id: string; key_fingerprint: string }>(
      'SELECT key_id, key_fingerprint FROM sessions WHERE id_hash = $1 AND expires_at > $2',
      [digest(id), new Date(now())],
    );
    const [session] = result.rows;
    if (session === undefined) return false;
    const keys = ring();
    const holds = keys
      .valid('read', now())
      .some((key) => key.id === session.key_id && markOf(key) === session.key_fingerprint);
    if (holds && !keys.allows(session.key_id, now())) throw tooManyRequests();
    return holds;
  }

  async end(id: string | undefined): Promise<void> {
    if (id === undefined || !SESSION_ID.test(id)) return;
    await this.#options.pool.query('DELETE FROM sessions WHERE id_hash = $1', [digest(id)]);
  }
}

function digest(id: string): Buffer {
  return createHash('sha256').update(id).digest();
}

/** What ties a session to a key, the same in every replica: an entry may leave its fingerprint open, never its digest. */
function markOf(key: RingKey): string {
  return key.fingerprint ?? key.sha256.slice(0, 12);
}
