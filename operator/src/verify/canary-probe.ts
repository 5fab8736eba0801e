import { randomUUID } from 'node:crypto';
import {
  type AppLabel,
  canaryAddress,
  canaryEventId,
  type EventType,
  HEADER,
  mintCanary,
} from '@scholar/contract';
import type { Question } from '../gather/http-client.ts';
import type { AppAddress } from '../target/target.ts';
import { signedWebhook } from './webhook-canary.ts';

/** A canary on its way: the question to the app, and the id that its event will have. Known before anything is sent. */
export interface CanaryProbe {
  label: AppLabel;
  eventType: EventType;
  eventId: string;
  token: string;
  /** undefined where there is nothing to sign it with; `whyNot` says so then. */
  question: Question | undefined;
  whyNot: string;
}

export interface CanaryKeys {
  canaryKey: string;
  stripeWebhookSecret: string | undefined;
}

/** A canary is good for this long: the time of one verification with room for a slow machine. */
export const CANARY_LIFE_MS = 5 * 60_000;

/** The event that each app emits on its own business path (brief, phase 2). */
export const OWN_EVENT: Record<AppLabel, EventType> = {
  scholar_auth: 'NewUser',
  scholarship_api: 'PageView',
  scholarship_agent: 'ScholarshipMatchResult',
  scholarship_sage: 'SageAssist',
  student_pilot: 'ScholarshipMatchRequested',
  provider_register: 'PaymentSuccess',
  auto_page_maker: 'NewLead',
};

/**
 * A request on the app's own path that carries a canary token, so that the event which it causes is simulated.
 * Each probe has a canary id of its own: a probe of A5 reaches A3 too, and must not meet A3's own probe there.
 */
export function canaryProbe(address: AppAddress, keys: CanaryKeys, nowMs: number): CanaryProbe {
  const canaryId = randomUUID();
  const token = mintCanary(keys.canaryKey, { canaryId, notAfterMs: nowMs + CANARY_LIFE_MS });
  const eventType = OWN_EVENT[address.label];
  const eventId = canaryEventId({ key: keys.canaryKey, canaryId, label: address.label, eventType });
  const question = ownPath(address, { canaryId, token, keys, nowMs });
  const whyNot = question === undefined ? 'there is no STRIPE_WEBHOOK_SECRET to sign a webhook with' : '';
  return { label: address.label, eventType, eventId, token, question, whyNot };
}

interface PathInput {
  canaryId: string;
  token: string;
  keys: CanaryKeys;
  nowMs: number;
}

const PROFILE = { degree: 'bachelor', field: 'engineering', gpa: 3.6, age: 20 };

function ownPath({ label, url }: AppAddress, input: PathInput): Question | undefined {
  const headers = { [HEADER.canary]: input.token, accept: 'application/json' };
  const post = (path: string, json: unknown): Question => ({
    url: `${url}${path}`,
    method: 'POST',
    headers,
    json,
    timeoutMs: 10_000,
  });
  switch (label) {
    case 'scholar_auth':
      return post('/signup', { email: canaryAddress(input.canaryId), password: `canary ${randomUUID()}` });
    case 'scholarship_api':
      return { url: `${url}/scholarships?limit=1`, headers, timeoutMs: 10_000 };
    case 'scholarship_agent':
    case 'student_pilot':
      return post('/matches', { profile: PROFILE });
    case 'scholarship_sage':
      return post('/answers', { question: 'Which documents does a scholarship application need?' });
    case 'auto_page_maker':
      return post('/leads', { email: canaryAddress(input.canaryId) });
    case 'provider_register': {
      const secret = input.keys.stripeWebhookSecret;
      return secret === undefined
        ? undefined
        : signedWebhook({ ...input, url: `${url}/webhooks/stripe`, secret, headers });
    }
  }
}
