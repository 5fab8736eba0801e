import { type Drift, NOTHING_CHANGED, RESET_ROLLBACK } from './drift.ts';

const HOW_MISSING =
  'In /running the secret is not set. Its value is never shown; present ones are told by a fingerprint.';
const GIVE =
  'If the desired secret exists, the process gets it back and is restarted where it reads it only at its start. If nobody has it, its owner must give it: into the environment of `scholar up`, or into the Secret of the app.';

/** Keys and secrets: there, the right ones, and the same in all places. */
export const SECRET_DRIFTS = {
  a8_key_missing: {
    title: 'A8_KEY is missing',
    severity: ['critical'],
    symptom: 'The forwarder holds all events with the reason no_key. Nothing is lost, nothing arrives.',
    evidence: HOW_MISSING,
    remedy: `${GIVE} A forwarder reads its key again every 5 seconds, without a restart, and delivers everything that it held.`,
    rollback: RESET_ROLLBACK,
  },
  stripe_secret_key_missing: {
    title: 'STRIPE_SECRET_KEY is missing',
    severity: ['critical'],
    symptom: 'The wallet is locked: checkout answers 503, no payment can begin.',
    evidence: HOW_MISSING,
    remedy: GIVE,
    rollback: RESET_ROLLBACK,
  },
  stripe_webhook_secret_missing: {
    title: 'STRIPE_WEBHOOK_SECRET is missing',
    severity: ['critical'],
    symptom:
      'A6 cannot verify what Stripe sends and answers 503. Payments happen and no PaymentSuccess leaves A6. Stripe tries again for days.',
    evidence: HOW_MISSING,
    remedy: `${GIVE} Stripe then delivers again what was refused.`,
    rollback: RESET_ROLLBACK,
  },
  sandbox_webhook_secret_missing: {
    title: 'SANDBOX_WEBHOOK_SECRET is missing',
    severity: ['critical'],
    symptom: 'The sandbox cannot sign its webhooks, so A6 believes none of them. Only trials have a sandbox.',
    evidence: HOW_MISSING,
    remedy: GIVE,
    rollback: RESET_ROLLBACK,
  },
  email_hash_key_missing: {
    title: 'EMAIL_HASH_KEY is missing',
    severity: ['critical'],
    symptom: 'Nobody can sign up at A1: without the key it will not store or send an address.',
    evidence: HOW_MISSING,
    remedy: `${GIVE} It must be the same key as before, or the hashes of one person no longer match.`,
    rollback: RESET_ROLLBACK,
  },
  a8_operations_key_missing: {
    title: 'A8_OPERATIONS_KEY is missing',
    severity: ['critical'],
    symptom:
      'Nobody can be erased: A1 refuses the request with 503 and changes nothing, because it could not record the erasure at A8. Everything else works.',
    evidence: HOW_MISSING,
    remedy: `${GIVE} It is the key of the operator.`,
    rollback: RESET_ROLLBACK,
  },
  key_encryption_key_missing: {
    title: 'KEY_ENCRYPTION_KEY is missing',
    severity: ['critical'],
    symptom:
      'A1 signs no token: sign-in, refresh and service tokens answer 503. Where an earlier release left its keys unsealed it goes on signing with those, and seals nothing.',
    evidence: HOW_MISSING,
    remedy: `${GIVE} It must be the key that the signing keys were sealed with. If that one is lost: docs/runbooks/rotate-secrets.md.`,
    rollback: RESET_ROLLBACK,
  },
  service_secret_missing: {
    title: 'SERVICE_SECRET is missing',
    severity: ['critical'],
    symptom: 'The service gets no token from A1 and cannot call the other services.',
    evidence: HOW_MISSING,
    remedy: GIVE,
    rollback: RESET_ROLLBACK,
  },
  canary_key_missing: {
    title: 'CANARY_KEY is missing',
    severity: ['critical'],
    symptom: 'Canaries of the truth table cannot be told from real events, so the service cannot be proven.',
    evidence: HOW_MISSING,
    remedy: GIVE,
    rollback: RESET_ROLLBACK,
  },
  database_url_missing: {
    title: 'DATABASE_URL is missing',
    severity: ['critical'],
    symptom: 'The process has no database. It runs, is not ready, and stores nothing.',
    evidence: HOW_MISSING,
    remedy: GIVE,
    rollback: RESET_ROLLBACK,
  },
  control_token_missing: {
    title: 'CONTROL_TOKEN is missing',
    severity: ['critical'],
    symptom:
      'Events flow. Nobody can list, replay, discard or drain the outbox of this forwarder, so `fix` cannot bring lost rows back.',
    evidence: HOW_MISSING,
    remedy: GIVE,
    rollback: RESET_ROLLBACK,
  },
  secret_missing: {
    title: 'A secret is missing',
    severity: ['critical'],
    symptom: 'A process lacks a secret that it needs. The finding names it.',
    evidence: HOW_MISSING,
    remedy: GIVE,
    rollback: RESET_ROLLBACK,
  },
  secret_differs: {
    title: 'A process runs with another secret than the desired one',
    severity: ['critical'],
    symptom: 'What the secret opens may fail, now or when the other side forgets the old value.',
    evidence: 'The fingerprint in /running is not that of the desired secret.',
    remedy: 'The desired value is given back and the process is restarted.',
    rollback: RESET_ROLLBACK,
  },
  key_not_in_ring: {
    title: 'A8 does not know the key: its ring disagrees',
    severity: ['critical'],
    symptom: 'A8 answers 401 or 403. The forwarder holds everything.',
    evidence:
      'Four fingerprints: Secret, pod and running process agree, and the ring of A8 has no valid entry of it for this label.',
    remedy:
      'On a machine the ring is written anew from the desired keys and A8 reads it by itself. In a cluster put an entry for the key into the Secret that is mounted at A8_KEYS_DIR: it belongs to Helm or to a SealedSecret.',
    rollback: 'Take the entry out of the ring again. Events that were stored meanwhile stay.',
  },
  key_not_accepted: {
    title: 'The running forwarder has a key that A8 refuses',
    severity: ['critical'],
    symptom: 'A8 answers 401 or 403. The forwarder holds everything; nothing is lost.',
    evidence:
      'Four fingerprints: the one of the running process is not in the ring and is not the one of the Secret. The summary says whether the pod is given the wrong key, or the process has not read the right one.',
    remedy:
      'On a machine the desired key is written where the forwarder reads it, which it does within 5 seconds; where the file is right already, the forwarder is restarted. In a cluster the pod is made anew and gets the key of its Secret.',
    rollback: RESET_ROLLBACK,
  },
  key_secret_differs: {
    title: 'The Secret disagrees with process and ring',
    severity: ['critical'],
    symptom:
      'Everything works, until the forwarder reads its key anew: then it has none, or one that A8 refuses.',
    evidence: 'Four fingerprints: running process and ring agree; the Secret has another key, or none.',
    remedy:
      'On a machine the Secret is what is desired: ring and forwarder get its key. In a cluster nothing writes over a Secret: put the former key back, or give A8 an entry for the new one first. Do not restart the app before.',
    rollback:
      'The former key is still in the running process only as long as it runs; keep its entry in the ring until the new one has proven itself by `scholar verify`.',
  },
  key_stale: {
    title: 'A rotated key has not reached the running process',
    severity: ['major'],
    symptom: 'Events flow under the older key. They stop when its ring entry ends or is taken away.',
    evidence: 'Four fingerprints: Secret and running process differ, and the ring accepts both.',
    remedy:
      'On a machine the forwarder is given the key of its Secret, by file or by a restart. In a cluster the pod is made anew.',
    rollback:
      'Both keys are accepted, so the former one can be put back as long as its entry stands in the ring.',
  },
  key_pod_differs: {
    title: 'The pod is given another key than its Secret holds',
    severity: ['critical'],
    symptom: 'Events flow for the moment. At the next read of the key they stop.',
    evidence:
      'Four fingerprints: Secret, process and ring agree; the file or variable of the pod that runs has another key, or none.',
    remedy:
      'On a machine the desired key is written where the process reads it. In a cluster the pod was made from an older template; it is made anew.',
    rollback: RESET_ROLLBACK,
  },
  key_ring_empty: {
    title: 'A8 accepts nobody',
    severity: ['critical'],
    symptom: 'The ring has no key to emit with. Every forwarder holds, A8 is not ready.',
    evidence: 'The ring, read where A8 reads it, has no entry with the role emit.',
    remedy:
      'On a machine the ring is written anew. In a cluster look at the Secret that is mounted at A8_KEYS_DIR.',
    rollback: 'Take the entries out again. Stored events stay.',
  },
  sealed_secret_unsynced: {
    title: 'A SealedSecret has not become a Secret',
    severity: ['critical'],
    symptom:
      'The Secret is missing or old. A new key that was sealed does not arrive, though `kubectl apply` said yes.',
    evidence:
      'The condition Synced of the SealedSecret is false, absent, or of an older generation. Where SealedSecrets may not be read, nothing is said.',
    remedy:
      'See that the sealed-secrets controller runs and has the private key. Seal again with its present certificate, for this name and namespace. A Secret that the controller does not own must be given up to it first.',
    rollback: NOTHING_CHANGED,
  },
} as const satisfies Record<string, Drift>;
