import type { Clock } from '@scholar/runtime/clock';
import type { Logger } from '@scholar/runtime/log';
import type { PoolClient } from 'pg';
import { keysAreShut, notConfigured } from '../http/problems.ts';
import { isOutlived, isRotationDue, isSpent, maySign, PUBLISH_AHEAD_MS } from './judge-keys.ts';
import type { KeyEncryption } from './key-encryption.ts';
import {
  deleteKey,
  dropHalf,
  endKeysBefore,
  loadKeys,
  lockKeys,
  replaceHalf,
  type StoredKey,
} from './key-store.ts';
import { makeKey } from './make-key.ts';
import { OTHER_ENCRYPTION_KEY, type SigningKeys } from './signing-keys.ts';

/**
 * `announced`: published now, signs in 20 minutes, when everybody has it. `at_once`: signs now; the others stay
 * published until their tokens have expired. `withdraw`: signs now, and no token of the others is valid any more.
 */
export const ROTATIONS = ['announced', 'at_once', 'withdraw'] as const;
export type Rotation = (typeof ROTATIONS)[number];

export interface KeyRotation {
  /** Seals what is not sealed with the first key of the setting, rotates when it is time, and clears away. */
  upkeep(): Promise<void>;
  /** @throws HttpProblem 503 without KEY_ENCRYPTION_KEY, and for `announced` under another one. */
  rotate(how: Rotation): Promise<{ kid: string; signsFrom: Date }>;
}

/** Keys from making to clearing away. Every change is one transaction under one lock, so two replicas do it once. */
export function createKeyRotation(deps: {
  withTransaction: <T>(work: (tx: PoolClient) => Promise<T>) => Promise<T>;
  clock: Clock;
  log: Logger;
  encryption: () => KeyEncryption | undefined;
  keys: Pick<SigningKeys, 'reload'>;
  /** How old a key becomes, ms; 0 = keys are not replaced by themselves. */
  rotateAfterMs: number;
  tokenTtlMs: number;
}): KeyRotation {
  const { clock, log, rotateAfterMs, tokenTtlMs } = deps;

  async function underLock<T>(work: (tx: PoolClient, keys: StoredKey[]) => Promise<T>): Promise<T> {
    const done = await deps.withTransaction(async (tx) => {
      await lockKeys(tx);
      return work(tx, await loadKeys(tx));
    });
    await deps.keys.reload();
    return done;
  }

  async function succeed(tx: PoolClient, encryption: KeyEncryption, signsFrom: Date): Promise<string> {
    const kid = await makeKey(tx, { encryption, signsFrom });
    await endKeysBefore(tx, kid, signsFrom);
    log.info({ kid, signs_from: signsFrom }, 'a new signing key is published');
    return kid;
  }

  return {
    async upkeep() {
      const encryption = deps.encryption();
      if (!encryption) return;
      await underLock(async (tx, keys) => {
        const nowMs = clock.now();
        const sealed = await sealAll(tx, keys, { encryption, nowMs });
        if (sealed > 0)
          log.info(
            { sealed, sealed_with: encryption.fingerprint },
            'signing keys are sealed with this KEY_ENCRYPTION_KEY',
          );
        const living = keys.filter((key) => maySign(key, nowMs));
        if (rotateAfterMs > 0 && living.length > 0 && isRotationDue(living, { nowMs, rotateAfterMs }))
          await succeed(tx, encryption, new Date(nowMs + PUBLISH_AHEAD_MS));
        for (const key of keys) {
          if (isOutlived(key, { nowMs, tokenTtlMs })) await deleteKey(tx, key.kid);
          else if (isSpent(key, nowMs) && (key.half || key.plainJwk))
            await dropHalf(tx, key.kid, new Date(nowMs));
        }
      });
    },

    rotate(how) {
      const encryption = deps.encryption();
      if (!encryption) throw notConfigured('KEY_ENCRYPTION_KEY', 'no signing key can be made');
      return underLock(async (tx, keys) => {
        const now = new Date(clock.now());
        if (how === 'announced') await sealAll(tx, keys, { encryption, nowMs: now.getTime() });
        else {
          for (const { kid } of keys)
            await (how === 'withdraw' ? deleteKey(tx, kid) : dropHalf(tx, kid, now));
        }
        const signsFrom = how === 'announced' ? new Date(now.getTime() + PUBLISH_AHEAD_MS) : now;
        return { kid: await succeed(tx, encryption, signsFrom), signsFrom };
      });
    },
  };
}

/**
 * Seals with the first key of the setting what is not, and says how many. A plain key beside a sealed one is of a
 * release back that ran meanwhile: it signs here no more, and its private half goes.
 * @throws HttpProblem 503, and changes nothing, when a key that signs was sealed with a key that is not at hand.
 */
async function sealAll(
  tx: PoolClient,
  keys: readonly StoredKey[],
  { encryption, nowMs }: { encryption: KeyEncryption; nowMs: number },
): Promise<number> {
  const signing = keys.filter((key) => maySign(key, nowMs));
  const hasSealed = signing.some(({ half }) => half);
  let sealed = 0;
  for (const key of signing) {
    if (key.half?.sealedWith === encryption.fingerprint) continue;
    const jwk = key.half ? encryption.open(key.kid, key.half) : key.plainJwk;
    if (key.half && !jwk) throw keysAreShut('The signing keys stay as they are', OTHER_ENCRYPTION_KEY);
    if (!jwk) continue;
    if (!key.half && hasSealed) await dropHalf(tx, key.kid, new Date(nowMs));
    else {
      await replaceHalf(tx, key.kid, encryption.seal(key.kid, jwk));
      sealed += 1;
    }
  }
  return sealed;
}
