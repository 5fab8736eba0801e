import type { JSONWebKeySet } from 'jose';
import type pg from 'pg';
import { z } from 'zod';

/** Keys of the issuer, kept where they outlive the process. */
export interface KeptKeys {
  /** The keys that were saved last; undefined where none were, or too long ago. */
  load(): Promise<JSONWebKeySet | undefined>;
  save(keys: JSONWebKeySet): Promise<void>;
}

/** As long as caches may go on using the keys (the answer's `stale-if-error`). No token lives that long. */
const KEPT_FOR = '1 day';

const jwksSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).min(1) });

/** In the table `issuer_keys` of the service's own database. They are public; who may write there could do anything here. */
export function keptKeysIn(pool: pg.Pool): KeptKeys {
  return {
    async load() {
      const { rows } = await pool.query<{ jwks: unknown }>(
        `SELECT jwks FROM issuer_keys WHERE fetched_at > now() - interval '${KEPT_FOR}'`,
      );
      const parsed = jwksSchema.safeParse(rows[0]?.jwks);
      return parsed.success ? parsed.data : undefined;
    },
    async save(keys) {
      await pool.query(
        `INSERT INTO issuer_keys (jwks, fetched_at) VALUES ($1, now())
         ON CONFLICT (one) DO UPDATE SET jwks = excluded.jwks, fetched_at = excluded.fetched_at`,
        [JSON.stringify(keys)],
      );
    },
  };
}
