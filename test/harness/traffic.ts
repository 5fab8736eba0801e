import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canaryEventId, type EventType, mintCanary } from '@scholar/contract';
import { signedWebhook } from '@scholar/operator/webhook-canary';
import type { LocalSystem } from './local-system.ts';

export interface TrafficResult {
  /** Ids of the events that the requests which got a 2xx must have caused. */
  accepted: string[];
  /** "POST /leads 503" and the like. */
  serverErrors: string[];
}

export interface Traffic {
  /** Resolves when so many further requests have got their 2xx. */
  until: (count: number) => Promise<void>;
  stop: () => Promise<TrafficResult>;
}

interface Kind {
  label: string;
  eventType: EventType;
  send: (canaryId: string, token: string) => Promise<Response>;
}

const PAUSE_MS = 25;

/**
 * Signups, leads and payments, each in a closed loop. They carry canary tokens, so that the id of every event is known
 * before its request is sent and can be looked for afterwards.
 */
export async function startTraffic(system: LocalSystem): Promise<Traffic> {
  const key = await readFile(join(system.state, 'secrets', 'supervisor', 'CANARY_KEY'), 'utf8');
  const kinds = await makeKinds(system);
  const result: TrafficResult = { accepted: [], serverErrors: [] };
  let going = true;
  const loop = async ({ label, eventType, send }: Kind): Promise<void> => {
    while (going) {
      const canaryId = randomUUID();
      const token = mintCanary(key, { canaryId, notAfterMs: Date.now() + 600_000 });
      const response = await send(canaryId, token).catch(() => undefined);
      if (response?.ok) result.accepted.push(canaryEventId({ key, canaryId, label, eventType }));
      else if (response !== undefined && response.status >= 500) {
        result.serverErrors.push(
          `${new URL(response.url).pathname} ${response.status} ${await response.text()}`,
        );
      }
      await pause(PAUSE_MS);
    }
  };
  const loops = kinds.map(loop);
  return {
    until: async (count) => {
      const goal = result.accepted.length + count;
      for (const deadline = Date.now() + 60_000; result.accepted.length < goal; await pause(20)) {
        if (Date.now() > deadline)
          throw new Error(
            `only ${result.accepted.length} of ${goal} requests got a 2xx; ${result.serverErrors.slice(-3).join('; ')}`,
          );
      }
    },
    stop: async () => {
      going = false;
      await Promise.all(loops);
      return result;
    },
  };
}

async function makeKinds(system: LocalSystem): Promise<Kind[]> {
  const [auth, lead, pay] = await Promise.all(
    ['scholar_auth', 'auto_page_maker', 'provider_register'].map((label) => system.app(label)),
  );
  const secret = await readFile(
    join(system.state, 'secrets', 'provider_register', 'STRIPE_WEBHOOK_SECRET'),
    'utf8',
  );
  return [
    {
      label: 'scholar_auth',
      eventType: 'NewUser',
      send: (id, token) =>
        post(`${auth?.url}/signup`, token, {
          email: `t+${id}@canary.invalid`,
          password: 'a long enough password',
        }),
    },
    {
      label: 'auto_page_maker',
      eventType: 'NewLead',
      send: (id, token) => post(`${lead?.url}/leads`, token, { email: `t+${id}@canary.invalid` }),
    },
    {
      label: 'provider_register',
      eventType: 'PaymentSuccess',
      send: (canaryId, token) => {
        const url = `${pay?.url}/webhooks/stripe`;
        const { body, headers } = signedWebhook({
          url,
          secret,
          canaryId,
          headers: { 'x-scholar-canary': token },
          nowMs: Date.now(),
        });
        return request(url, { method: 'POST', headers: headers ?? {}, body: body ?? '' });
      },
    },
  ];
}

function post(url: string, token: string, json: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json', 'x-scholar-canary': token };
  return request(url, { method: 'POST', headers, body: JSON.stringify(json) });
}

/** A request that gets no answer in ten seconds has got no 2xx. */
function request(url: string, init: RequestInit): Promise<Response> {
  return fetch(url, { ...init, signal: AbortSignal.timeout(10_000) });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
