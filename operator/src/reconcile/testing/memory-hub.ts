import { createHash } from 'node:crypto';
import {
  APP_LABELS,
  admit,
  contentHash,
  HEADER,
  PROBLEM_MEDIA_TYPE,
  problemDocument,
  verifyCanary,
} from '@scholar/contract';
import type { Question, Reply } from '../../gather/http-client.ts';
import type { TracedRefusal, TracedRow, Traces } from '../../target/target.ts';

export const HUB_KEY = 'k'.repeat(43);

/** A8's door over rows in memory: the contract's own judgement, and what it leaves behind. */
export interface MemoryHub {
  answer: (question: Question) => Reply;
  traces: Traces;
  /** Requests so far. */
  asked: () => number;
  /** From now on requests under a key that nobody has are taken, as by an A8 that does not check it. */
  openDoor: (isOpen: boolean) => void;
  away: (isAway: boolean) => void;
}

export function memoryHub({ canaryKey, now }: { canaryKey: string; now: () => number }): MemoryHub {
  const rows: (TracedRow & { content: string })[] = [];
  const refusals: TracedRefusal[] = [];
  let isOpen = false;
  let isAway = false;
  let asked = 0;
  const authorize = (token: string | undefined) =>
    token === HUB_KEY || isOpen
      ? { ok: true as const, keyId: 'k', labels: APP_LABELS }
      : { ok: false as const, code: 'unauthorized' as const };

  function answer({ url, headers = {}, body = '' }: Question): Reply {
    asked += 1;
    if (isAway) throw new Error('connect ECONNREFUSED');
    const canary_id = verifyCanary(headers[HEADER.canary], canaryKey, now())?.canaryId;
    if (canary_id === undefined) throw new Error('somebody sends without a canary token');
    const request = { method: 'POST', path: new URL(url).pathname, headers, body: Buffer.from(body) };
    const policy = {
      side: 'hub',
      authorize,
      legacyAliases: 'accept',
      environment: 'staging',
      canaryKey,
      now,
    } as const;
    const admission = admit(request, policy);
    if (!admission.ok) {
      if (admission.keyed) refusals.push({ canary_id, code: admission.problem.code });
      return replyOf(admission.problem.status, admission.problem, PROBLEM_MEDIA_TYPE);
    }
    const { eventId: event_id, label, event } = admission;
    const content = contentHash(label, event).toString('hex');
    const known = rows.find((row) => row.event_id === event_id);
    if (known !== undefined && known.content !== content) {
      refusals.push({ canary_id, code: 'event_id_conflict' });
      return replyOf(409, problemDocument('event_id_conflict', { eventId: event_id }), PROBLEM_MEDIA_TYPE);
    }
    if (known === undefined) {
      const rest = createHash('sha256').update(content).digest('hex');
      rows.push({ event_id, canary_id, simulated: true, deliveries: 1, rest, content });
    } else known.deliveries += 1;
    const duplicate = known !== undefined;
    const received_at = new Date(now()).toISOString();
    const receipt = { accepted: true, persisted: true, event_id, request_id: 'r', received_at, duplicate };
    return replyOf(duplicate ? 200 : 201, receipt, 'application/json');
  }

  return {
    answer,
    traces: { rows, refusals },
    asked: () => asked,
    openDoor: (open) => {
      isOpen = open;
    },
    away: (away) => {
      isAway = away;
    },
  };
}

function replyOf(status: number, body: unknown, type: string): Reply {
  return { status, body: JSON.stringify(body), headers: { 'content-type': type }, tookMs: 1 };
}
