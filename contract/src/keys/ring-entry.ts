import { z } from 'zod';
import { APP_LABELS } from '../apps.ts';
import { keyDigest, keyFingerprint } from './key-fingerprint.ts';

/** What a key may do: send events of its labels, write operations documents, or read. */
export const KEY_ROLES = ['emit', 'operations', 'read'] as const;
export type KeyRole = (typeof KEY_ROLES)[number];

/** One file of A8_KEYS_DIR. It holds no key, only the digest by which A8 knows one. */
export const ringEntrySchema = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Null where the writer cannot compute an HMAC (a Helm template): A8 learns it when the key is first used. */
  fingerprint: z
    .string()
    .regex(/^[0-9a-f]{12}$/)
    .nullable(),
  labels: z.array(z.enum(APP_LABELS)),
  not_after: z.iso.datetime({ offset: true }).nullable(),
  role: z.enum(KEY_ROLES),
});

export type RingEntry = z.infer<typeof ringEntrySchema>;

/** The ring entry of a key. `notAfter` is an ISO-8601 instant, null for a key without an end. */
export function ringEntry(
  key: string,
  grant: Pick<RingEntry, 'labels' | 'role'> & { notAfter?: string | null },
): RingEntry {
  return {
    sha256: keyDigest(key),
    fingerprint: keyFingerprint(key),
    labels: grant.labels,
    not_after: grant.notAfter ?? null,
    role: grant.role,
  };
}
