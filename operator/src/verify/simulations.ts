import { randomUUID } from 'node:crypto';
import {
  type AppLabel,
  canaryAddress,
  canaryEventId,
  type EventType,
  HEADER,
  mintCanary,
  type Simulation,
} from '@scholar/contract';
import { z } from 'zod';
import type { Question } from '../gather/http-client.ts';
import type { AppAddress } from '../target/target.ts';
import { type Followed, followEvent } from './follow-event.ts';
import { send } from './send.ts';
import type { VerifyDeps } from './verify-deps.ts';
import { signedWebhook } from './webhook-canary.ts';

export interface Simulated {
  simulation: Omit<Simulation, 'row'>;
  label: AppLabel;
  eventId: string;
  followed: Followed;
}

interface Play {
  name: Simulation['name'];
  label: AppLabel;
  eventType: EventType;
  /** Plays the whole path as its user would. @returns false when a step was refused. */
  steps: (play: Playing) => Promise<boolean>;
}

interface Playing {
  deps: VerifyDeps;
  /** True where A2's Stripe is the sandbox, whose payment page can be played. */
  sandbox: boolean;
  canaryId: string;
  token: string;
  address: AppAddress;
}

/** The brief's three: 1x mock lead (A7), 1x mock auth (A1), 1x mock payment (A6); each tagged simulated by its canary token. */
const PLAYS: readonly Play[] = [
  { name: 'lead', label: 'auto_page_maker', eventType: 'NewLead', steps: playLead },
  { name: 'auth', label: 'scholar_auth', eventType: 'NewUser', steps: playAuth },
  { name: 'payment', label: 'provider_register', eventType: 'PaymentSuccess', steps: playPayment },
];

const LIFE_MS = 5 * 60_000;
const SETTLE_TIMEOUT_MS = 15_000;

/** Plays lead, auth and payment through the running services. Never throws: a refused step shows as not persisted. @param sandbox whether A2's Stripe is the sandbox */
export async function simulate(deps: VerifyDeps, sandbox: boolean): Promise<Simulated[]> {
  return Promise.all(PLAYS.map((play) => playOne(deps, play, sandbox)));
}

async function playOne(
  deps: VerifyDeps,
  { name, label, eventType, steps }: Play,
  sandbox: boolean,
): Promise<Simulated> {
  const started = deps.clock.monotonic();
  const canaryId = randomUUID();
  const key = deps.target.secrets.canaryKey;
  const token = mintCanary(key, { canaryId, notAfterMs: deps.clock.now() + LIFE_MS });
  const eventId = canaryEventId({ key, canaryId, label, eventType });
  const address = deps.target.apps.find((app) => app.label === label);
  if (address === undefined) throw new Error(`The target has no app called ${label}.`);
  const played = await steps({ deps, sandbox, canaryId, token, address }).catch(() => false);
  const timeoutMs = played ? SETTLE_TIMEOUT_MS : 500;
  const followed = await followEvent(deps, { intake: address.intake, eventId, timeoutMs });
  const simulation = {
    name,
    event_id: eventId,
    persisted: played && followed.persisted === true,
    retries: followed.retries,
    duration_ms: Math.round(deps.clock.monotonic() - started),
  };
  return { simulation, label, eventId, followed };
}

function post({ token }: Playing, url: string, json: unknown): Question {
  return {
    url,
    method: 'POST',
    headers: { [HEADER.canary]: token, accept: 'application/json' },
    json,
    timeoutMs: 10_000,
  };
}

async function playLead(playing: Playing): Promise<boolean> {
  const lead = post(playing, `${playing.address.url}/leads`, {
    email: canaryAddress(playing.canaryId),
    name: 'Canary',
  });
  return (await send(playing.deps.ask, lead)).refused === undefined;
}

async function playAuth(playing: Playing): Promise<boolean> {
  const credentials = { email: canaryAddress(playing.canaryId), password: `canary ${randomUUID()}` };
  const signup = await send(playing.deps.ask, post(playing, `${playing.address.url}/signup`, credentials));
  if (signup.refused !== undefined) return false;
  return (
    (await send(playing.deps.ask, post(playing, `${playing.address.url}/login`, credentials))).refused ===
    undefined
  );
}

const checkoutSchema = z.object({ id: z.string(), url: z.url() });

/** A checkout at A2, paid on the sandbox's own page, whose webhook reaches A6. With the real Stripe: the signed webhook alone. */
async function playPayment(playing: Playing): Promise<boolean> {
  const { deps, address } = playing;
  if (!playing.sandbox) return webhookOnly(playing);
  const shop = deps.target.apps.find(({ label }) => label === 'scholarship_api');
  const checkout = await send(
    deps.ask,
    post(playing, `${shop?.url}/checkout/sessions`, {
      purpose: 'listing',
      amount_cents: 4900,
      currency: 'USD',
      reference: playing.canaryId,
      success_url: `${address.url}/`,
      cancel_url: `${address.url}/`,
    }),
  );
  const session = checkoutSchema.safeParse(parsed(checkout.body));
  if (!session.success) return false;
  const pay = await send(deps.ask, {
    url: session.data.url,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' },
    body: 'action=pay',
    timeoutMs: 10_000,
  });
  return pay.refused === undefined;
}

async function webhookOnly({ deps, address, canaryId, token }: Playing): Promise<boolean> {
  const secret = deps.target.secrets.stripeWebhookSecret;
  if (secret === undefined) return false;
  const url = `${address.url}/webhooks/stripe`;
  const headers = { [HEADER.canary]: token };
  const question = signedWebhook({ url, secret, canaryId, headers, nowMs: deps.clock.now() });
  return (await send(deps.ask, question)).refused === undefined;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
