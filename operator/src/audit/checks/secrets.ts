import type { Running } from '@scholar/contract';
import type { DriftCode } from '../drifts/drifts.ts';
import { everyProcess } from '../every-process.ts';
import type { Check, Judged } from '../judged.ts';
import { type ProcessRole, processName, type ServedLabel } from '../remedy.ts';

/** A forwarder re-reads these while it runs; every other process reads its settings at its start. */
const REREAD = new Set(['A8_KEY', 'A8_URL']);

const WHAT_BREAKS: Partial<Record<string, string>> = {
  A8_KEY: 'A8 takes nothing without it, so its events wait',
  STRIPE_SECRET_KEY: 'it cannot take a payment',
  STRIPE_WEBHOOK_SECRET: 'no payment can be verified, so no PaymentSuccess leaves it',
  SANDBOX_WEBHOOK_SECRET: 'A6 will not believe the webhooks that it sends',
  EMAIL_HASH_KEY: 'nobody can sign up',
  KEY_ENCRYPTION_KEY: 'no token can be signed',
  A8_OPERATIONS_KEY: 'nobody can be erased',
  SERVICE_SECRET: 'it cannot call the other services',
  CANARY_KEY: 'its proofs cannot be told from real events',
  DATABASE_URL: 'it has no database',
  CONTROL_TOKEN: 'its outbox cannot be listed, replayed or drained',
};

const CODES: Partial<Record<string, DriftCode>> = {
  A8_KEY: 'a8_key_missing',
  STRIPE_SECRET_KEY: 'stripe_secret_key_missing',
  STRIPE_WEBHOOK_SECRET: 'stripe_webhook_secret_missing',
  SANDBOX_WEBHOOK_SECRET: 'sandbox_webhook_secret_missing',
  EMAIL_HASH_KEY: 'email_hash_key_missing',
  KEY_ENCRYPTION_KEY: 'key_encryption_key_missing',
  A8_OPERATIONS_KEY: 'a8_operations_key_missing',
  SERVICE_SECRET: 'service_secret_missing',
  CANARY_KEY: 'canary_key_missing',
  DATABASE_URL: 'database_url_missing',
  CONTROL_TOKEN: 'control_token_missing',
};

/** There is no desired value to go back to. */
const NOBODY_HAS_IT =
  'its owner has to give it: put it into the environment of `scholar up`, or into the Secret of the app';

/** Make sure that each process runs with the secrets that it needs, and with the right ones (compared by fingerprint). */
export const secrets: Check = (snapshot) =>
  everyProcess(snapshot).flatMap(({ label, role, desired, running }) => {
    if (running === undefined) return [];
    return Object.entries(desired.secrets).flatMap(([key, wanted]) => {
      const judged = judgeSecret({ label, role, key, wanted, has: running.settings[key] });
      return judged === undefined ? [] : [judged];
    });
  });

interface SecretView {
  label: ServedLabel;
  role: ProcessRole;
  key: string;
  wanted: string | undefined;
  has: Running['settings'][string] | undefined;
}

function judgeSecret({ label, role, key, wanted, has }: SecretView): Judged | undefined {
  const name = processName({ label, role });
  const restart = !(role === 'forwarder' && REREAD.has(key));
  const remedies = [{ kind: 'reset_setting' as const, label, role, key, restart }];
  const evidence = [
    `/running of ${name}: ${key} ${has?.set ? `set, fingerprint ${has.fingerprint ?? 'not told'}` : 'not set'}`,
    `desired fingerprint ${wanted ?? 'none'}`,
  ];
  if (!has?.set) {
    const summary = `${key} is missing in ${name}: ${WHAT_BREAKS[key] ?? 'it needs it'}.`;
    const missing = {
      code: CODES[key] ?? 'secret_missing',
      label,
      severity: 'critical' as const,
      summary,
      evidence,
    };
    return wanted === undefined
      ? { ...missing, remedies: [], advice: NOBODY_HAS_IT }
      : { ...missing, remedies };
  }
  // The check of key fingerprints knows more of that one: the pod and A8's ring too.
  if (role === 'forwarder' && key === 'A8_KEY') return undefined;
  if (wanted !== undefined && has.fingerprint !== undefined && has.fingerprint !== wanted) {
    const summary = `${name} runs with another ${key} than the desired one.`;
    return { code: 'secret_differs', label, severity: 'critical', summary, evidence, remedies };
  }
  return undefined;
}
