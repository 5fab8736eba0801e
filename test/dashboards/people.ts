import { randomUUID } from 'node:crypto';
import { eventHeaders } from '@scholar/contract';
import type { LocalSystem } from '../harness/local-system.ts';

const ROUNDS_EVERY_MS = 700;

/**
 * What people do, again and again until it is stopped: sign up, leave an address, register as a provider, pay on the page of the
 * sandbox Stripe. Of what A8 must refuse each round sends one: a body that is no event, a wrong key, another protocol.
 * @returns how to end it, with how many rounds were played
 */
export async function startPeople(system: LocalSystem): Promise<() => Promise<number>> {
  const [auth, leads, register, hub, key] = await Promise.all([
    system.url('scholar_auth'),
    system.url('auto_page_maker'),
    system.url('provider_register'),
    system.status().then(({ a8 }) => a8.url),
    system.emitKey(),
  ]);
  const person = () => `${randomUUID()}@example.org`;
  const refused = [
    () => eventHeaders({ label: 'scholar_auth', eventId: randomUUID(), key }),
    () => eventHeaders({ label: 'scholar_auth', eventId: randomUUID(), key: 'not a key of this A8' }),
    () => ({ authorization: `Bearer ${key}` }),
  ];
  let going = true;
  let rounds = 0;
  const round = async (): Promise<void> => {
    await post(`${auth}/signup`, { json: { email: person(), password: 'a long enough password' } });
    await post(`${leads}/leads`, { json: { email: person() } });
    const { provider_id: provider } = await post(`${register}/providers`, {
      json: { name: 'Example Fund', email: person() },
    });
    const { url: page } = await post(`${register}/providers/${provider}/checkout`, { json: {} });
    await post(String(page), { form: { action: 'pay' } });
    await post(`${hub}/events`, {
      json: { no: 'event' },
      headers: refused[rounds % refused.length]?.() ?? {},
    });
  };
  const loop = (async () => {
    while (going) {
      // While A8 is away the last request of a round gets no answer.
      await round().catch(() => undefined);
      rounds += 1;
      await new Promise((resolve) => setTimeout(resolve, ROUNDS_EVERY_MS));
    }
  })();
  return async () => {
    going = false;
    await loop;
    return rounds;
  };
}

async function post(
  url: string,
  o: { json?: object; form?: Record<string, string>; headers?: Record<string, string> },
): Promise<Record<string, unknown>> {
  const body = o.form === undefined ? JSON.stringify(o.json) : new URLSearchParams(o.form);
  const type = o.form === undefined ? 'application/json' : 'application/x-www-form-urlencoded';
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': type, accept: 'application/json', ...o.headers },
    body,
    signal: AbortSignal.timeout(10_000),
  });
  return (await response.json()) as Record<string, unknown>;
}
