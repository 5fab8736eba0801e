import { randomUUID } from 'node:crypto';
import { type AppLabel, canaryEventId, type EventType, mintCanary } from '@scholar/contract';
import { signedWebhook } from '@scholar/operator/webhook-canary';
import type { UnderTest } from './under-test.ts';

export interface TrafficResult {
  /** Ids of the events that the requests which got a 2xx must have caused. */
  accepted: string[];
  /** "POST /leads 503" and the like. */
  serverErrors: string[];
}

export interface Traffic {
  /** Resolves when so many further requests of each kind have got their 2xx. @throws Error after `timeoutMs`. */
  until: (count: number, timeoutMs: number) => Promise<void>;
  /** Ends the loops; the result is the same however often it is asked for. */
  stop: () => Promise<TrafficResult>;
}

interface Kind {
  label: AppLabel;
  eventType: EventType;
  send: (canaryId: string, token: string) => Promise<Response>;
}

/**
 * Signups, leads and payments, each in a closed loop. They carry canary tokens, so that the id of every event is known
 * before its request is sent and can be looked for afterwards.
 */
export async function startTraffic(system: UnderTest, pauseMs: number): Promise<Traffic> {
  const key = await system.canaryKey();
  const kinds = await makeKinds(system);
  const result: TrafficResult = { accepted: [], serverErrors: [] };
  const accepted = new Map<AppLabel, number>();
  /** Why requests got no answer, for whoever waits in vain. */
  const failures: string[] = [];
  let going = true;
  const loop = async ({ label, eventType, send }: Kind): Promise<void> => {
    while (going) {
      const canaryId = randomUUID();
      const token = mintCanary(key, { canaryId, notAfterMs: Date.now() + 600_000 });
      const response = await send(canaryId, token).catch((cause: unknown) => {
        failures.push(`${label}: ${cause}`);
        return undefined;
      });
      if (response?.ok) {
        result.accepted.push(canaryEventId({ key, canaryId, label, eventType }));
        accepted.set(label, (accepted.get(label) ?? 0) + 1);
        // An unread body keeps its connection from the next request.
        await response.text().catch(() => undefined);
      } else if (response !== undefined && response.status >= 500) {
        result.serverErrors.push(
          `${new URL(response.url).pathname} ${response.status} ${await response.text()}`,
        );
      }
      await pause(pauseMs);
    }
  };
  const loops = kinds.map(loop);
  return {
    until: async (count, timeoutMs) => {
      const goal = kinds.map(({ label }) => (accepted.get(label) ?? 0) + count);
      const reached = () =>
        kinds.every(({ label }, index) => (accepted.get(label) ?? 0) >= (goal[index] ?? 0));
      for (const deadline = Date.now() + timeoutMs; !reached(); await pause(20)) {
        if (Date.now() > deadline) {
          const counts = kinds.map(
            ({ label }, index) => `${label} ${accepted.get(label) ?? 0} of ${goal[index]}`,
          );
          const last = [...result.serverErrors.slice(-3), ...failures.slice(-3)];
          throw new Error(`too few requests got a 2xx in time: ${counts.join(', ')}; ${last.join('; ')}`);
        }
      }
    },
    stop: async () => {
      going = false;
      await Promise.all(loops);
      return result;
    },
  };
}

async function makeKinds(system: UnderTest): Promise<Kind[]> {
  const [auth, lead, pay, secret] = await Promise.all([
    system.url('scholar_auth'),
    system.url('auto_page_maker'),
    system.url('provider_register'),
    system.webhookSecret(),
  ]);
  return [
    {
      label: 'scholar_auth',
      eventType: 'NewUser',
      send: (id, token) =>
        post(`${auth}/signup`, token, {
          email: `t+${id}@canary.invalid`,
          password: 'a long enough password',
        }),
    },
    {
      label: 'auto_page_maker',
      eventType: 'NewLead',
      send: (id, token) => post(`${lead}/leads`, token, { email: `t+${id}@canary.invalid` }),
    },
    {
      label: 'provider_register',
      eventType: 'PaymentSuccess',
      send: (canaryId, token) => {
        const url = `${pay}/webhooks/stripe`;
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
