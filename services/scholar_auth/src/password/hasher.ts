import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { createGate } from './gate.ts';
import { type Argon2Cost, formatPhc, parsePhc } from './phc.ts';

const SALT_BYTES = 16;
const HASH_BYTES = 32;
const deriveArgon2 = promisify(argon2);

export interface PasswordHasher {
  /** Makes a PHC string with a fresh salt at the configured cost. Throws TooBusy. */
  hash(password: string): Promise<string>;
  /**
   * Compares in constant time. Without a stored hash the same work is done against nothing and the answer is
   * `matches: false`, so that the time does not tell whether an account exists.
   * `outdated` says that the stored hash was made at another cost and should be replaced. Throws TooBusy.
   */
  verify(
    password: string,
    stored: string | null | undefined,
  ): Promise<{ matches: boolean; outdated: boolean }>;
}

/**
 * Argon2id at the cost that the OWASP Password Storage Cheat Sheet gives first (19 MiB, 2 passes, 1 lane by default).
 * At most `places` hashes run at once, at most `maxWaiting` wait.
 */
export function createPasswordHasher(options: {
  cost: Argon2Cost;
  places: number;
  maxWaiting: number;
}): PasswordHasher {
  const gate = createGate(options);
  const { cost } = options;

  function derive(password: string, salt: Buffer, at: Argon2Cost): Promise<Buffer> {
    return gate.run(() =>
      deriveArgon2('argon2id', {
        // Two keyboards may compose one letter differently: NIST SP 800-63B asks for a normal form before hashing.
        message: password.normalize('NFKC'),
        nonce: salt,
        memory: at.memoryKib,
        passes: at.passes,
        parallelism: at.lanes,
        tagLength: HASH_BYTES,
      }),
    );
  }

  return {
    async hash(password) {
      const salt = randomBytes(SALT_BYTES);
      return formatPhc({ cost, salt, hash: await derive(password, salt, cost) });
    },
    async verify(password, stored) {
      const known = stored ? parsePhc(stored) : undefined;
      const derived = await derive(password, known?.salt ?? Buffer.alloc(SALT_BYTES), known?.cost ?? cost);
      if (!known) return { matches: false, outdated: false };
      const matches = known.hash.length === derived.length && timingSafeEqual(known.hash, derived);
      return { matches, outdated: !sameCost(known.cost, cost) };
    },
  };
}

function sameCost(a: Argon2Cost, b: Argon2Cost): boolean {
  return a.memoryKib === b.memoryKib && a.passes === b.passes && a.lanes === b.lanes;
}
