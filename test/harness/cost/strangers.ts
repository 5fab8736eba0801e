import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { APP_LABELS, eventHeaders } from '@scholar/contract';
import type { LocalSystem } from '../local-system.ts';

/** In every name that a stranger chooses, so that it is found where it must not be. */
export const MARK = 'planted';

const METHODS = ['GET', 'POST', 'PUT', 'PROPFIND', 'REPORT', 'PURGE', 'MKCOL', 'HEAD'] as const;
const AT_ONCE = 24;

type Call = { url: string; method?: string; headers?: Record<string, string>; body?: string };

/**
 * To every listener `count` requests, each with names that nobody has used: paths, ids, methods, labels, event types, legacy
 * names, protocols, keys, request ids.
 * @returns how many got an answer, by its status
 */
export async function knock(system: LocalSystem, count: number): Promise<Map<number, number>> {
  const { a8, apps } = await system.status();
  const key = await system.emitKey();
  const answers = new Map<number, number>();
  const calls = Array.from({ length: count }, (_, turn) => {
    const name = `${MARK}_${turn}_${randomUUID().slice(0, 8)}`;
    const atA8 = eventCalls({ url: `${a8.url}/events`, name, key, turn });
    const atApps = apps.flatMap(({ url }) => pathCalls(url, name, turn));
    const atForwarders = apps.flatMap(({ label, forwarder: { intake, ops } }) => [
      eventCall({ url: `${intake}/events`, name, label, turn }),
      { url: `${intake}/events/${name}` },
      { url: `${ops}/${name}` },
    ]);
    return [...atA8, ...pathCalls(a8.url, name, turn), ...atApps, ...atForwarders];
  }).flat();
  const queue = calls.values();
  const work = async () => {
    for (const call of queue) {
      const status = await answerTo(call);
      answers.set(status, (answers.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return answers;
}

function pathCalls(url: string, name: string, turn: number): Call[] {
  const method = METHODS[turn % METHODS.length] ?? 'GET';
  const headers = { 'x-request-id': name, 'x-app-label': name, authorization: `Bearer ${name}` };
  return [
    { url: `${url}/${name}`, method, headers },
    {
      url: `${url}/${['events', 'scholarships', 'providers', 'pages', 'matches'][turn % 5]}/${name}`,
      headers,
    },
  ];
}

/** Each turn is odd in another way. */
function eventCall(o: { url: string; name: string; label: string; key?: string; turn: number }): Call {
  const { url, name, key, turn } = o;
  const label = APP_LABELS.find((each) => each === o.label) ?? 'scholar_auth';
  const good = eventHeaders({ label, eventId: randomUUID(), ...(key === undefined ? {} : { key }) });
  const odd: Record<string, string>[] = [
    {},
    { 'x-app-label': name },
    { 'x-scholar-protocol': name },
    { 'x-event-id': name },
    { 'content-type': `text/${name}` },
    { authorization: `Bearer ${name}` },
    { 'x-scholar-canary': `${name}.1.${name}` },
  ];
  const event = {
    ...{ event_type: name, occurred_at: new Date().toISOString(), actor_id: name, source: `/${name}` },
    payload: { [name]: name },
  };
  const body = turn % 11 === 0 ? `{"${name}` : JSON.stringify(event);
  return { url, method: 'POST', headers: { ...good, ...odd[turn % odd.length] }, body };
}

function eventCalls(o: { url: string; name: string; key: string; turn: number }): Call[] {
  const call = eventCall({ ...o, label: 'scholar_auth' });
  const label = { ...call.headers, 'x-app-label': o.name };
  return [call, { ...call, url: o.url.replace('/events', '/ingest'), headers: label }];
}

function answerTo({ url, method = 'GET', headers = {}, body = '' }: Call): Promise<number> {
  return new Promise((resolve, reject) => {
    const length = { 'content-length': String(Buffer.byteLength(body)) };
    const asked = request(
      url,
      { method, headers: { ...headers, ...length }, timeout: 60_000 },
      (response) => {
        response.resume().once('end', () => resolve(response.statusCode ?? 0));
      },
    );
    asked.once('error', reject);
    asked.once('timeout', () => asked.destroy(new Error(`${method} got no answer`)));
    asked.end(body);
  });
}
