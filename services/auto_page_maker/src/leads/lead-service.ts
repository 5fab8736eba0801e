import { randomUUID } from 'node:crypto';
import { SYSTEM } from '@scholar/runtime/auth';
import type { Clock } from '@scholar/runtime/clock';
import { type Logger, onceAMinute } from '@scholar/runtime/log';
import type { ServiceDeps } from '@scholar/runtime/service';
import type { PoolClient } from 'pg';
import type { AccountLinker, LinkOutcome } from '../accounts/account-linker.ts';
import { insertLink } from '../accounts/link-store.ts';
import { leadEvent } from './lead-event.ts';
import { findLeadBySubmission, insertLead } from './lead-store.ts';
import { contentFingerprint, type Submission } from './submission.ts';

/** The worker leaves a fresh lead to the request that brought it; only when that one died it takes over. */
const GRACE_MS = 5_000;

export type SubmitRequest = {
  via: 'json' | 'form';
  submission: Submission;
  /** Makes the key of this submission from its content's fingerprint; absent = every request is a lead of its own. */
  submissionKey?: ((content: Buffer) => Buffer) | undefined;
  canaryToken: string | undefined;
};

export type SubmitOutcome =
  | { kind: 'stored'; leadId: string; duplicate: boolean; user: LinkOutcome }
  /** The submission key came before with other content. */
  | { kind: 'conflict' };

export type SubmitLead = (request: SubmitRequest) => Promise<SubmitOutcome>;

/**
 * Stores a lead, the account that it asks for and its NewLead in one transaction; then tries to make the account at
 * once, for at most `linkNowMs`. What happens to the account never changes the answer: the worker carries it on.
 */
export function createSubmitLead(deps: {
  withTransaction: ServiceDeps['withTransaction'];
  record: ServiceDeps['record'];
  linker: AccountLinker;
  clock: Clock;
  log: Logger;
  fingerprintKey: () => Promise<Buffer>;
  linkNowMs: number;
  onStored: (via: SubmitRequest['via'], result: 'new' | 'repeated' | 'canary') => void;
}): SubmitLead {
  const { clock, linker, log } = deps;
  const mention = onceAMinute(
    (fields, message) => log.warn(fields, message),
    () => clock.monotonic(),
  );

  async function store(tx: PoolClient, leadId: string, request: KeyedRequest): Promise<Stored> {
    const { submission, submissionKey, canaryToken, fingerprintKey } = request;
    const contentHash = contentFingerprint(fingerprintKey, submission);
    const key = submissionKey?.(contentHash);
    const simulated = canaryToken !== undefined;
    const inserted = await insertLead(tx, {
      ...submission,
      leadId,
      submissionKey: key,
      contentHash,
      simulated,
    });
    if (!inserted) return earlier(tx, key, contentHash);
    await insertLink(tx, { leadId, canaryToken, firstAttemptAt: new Date(clock.now() + GRACE_MS) });
    const { source, payload } = leadEvent(leadId, submission);
    await deps.record(tx, {
      eventType: 'NewLead',
      actorId: SYSTEM,
      source,
      payload,
      ...(canaryToken === undefined ? {} : { canaryToken }),
    });
    return { kind: 'new' };
  }

  async function linkNow(leadId: string, { submission, canaryToken }: SubmitRequest): Promise<LinkOutcome> {
    if (!linker.worthTrying()) return 'pending';
    const link = {
      leadId,
      email: submission.email,
      simulated: canaryToken !== undefined,
      canaryToken: canaryToken ?? null,
      attempts: 1,
    };
    try {
      return await linker.attempt(link, deps.linkNowMs);
    } catch (err) {
      // The lead is committed: whatever goes wrong from here on is the worker's affair.
      mention({ err, lead_id: leadId }, 'the account of a lead is left to the worker');
      return 'pending';
    }
  }

  return async (request) => {
    const leadId = randomUUID();
    const keyed = { ...request, fingerprintKey: await deps.fingerprintKey() };
    const stored = await deps.withTransaction((tx) => store(tx, leadId, keyed));
    if (stored.kind === 'conflict') return stored;
    if (stored.kind === 'earlier') {
      deps.onStored(request.via, 'repeated');
      return { kind: 'stored', leadId: stored.leadId, duplicate: true, user: 'pending' };
    }
    deps.onStored(request.via, request.canaryToken === undefined ? 'new' : 'canary');
    return { kind: 'stored', leadId, duplicate: false, user: await linkNow(leadId, request) };
  };
}

type KeyedRequest = SubmitRequest & { fingerprintKey: Buffer };

type Stored = { kind: 'new' } | { kind: 'earlier'; leadId: string } | { kind: 'conflict' };

async function earlier(tx: PoolClient, key: Buffer | undefined, contentHash: Buffer): Promise<Stored> {
  const lead = key && (await findLeadBySubmission(tx, key));
  if (!lead) throw new Error('a lead with this submission key was deleted at this very moment; try again');
  return lead.contentHash.equals(contentHash)
    ? { kind: 'earlier', leadId: lead.leadId }
    : { kind: 'conflict' };
}
