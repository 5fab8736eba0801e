import { randomUUID } from 'node:crypto';
import { type Agent, request as httpRequest } from 'node:http';
import { type AppLabel, type EventType, eventHeaders } from '@scholar/contract';
import { KEYS } from './start-hub.ts';

export type Answer = { status: number; headers: Record<string, unknown>; body: Record<string, unknown> };

export type Sent = { eventId: string; answer: Answer };

export type EventInput = {
  eventId?: string;
  label?: AppLabel;
  key?: string;
  canary?: string;
  event?: Record<string, unknown>;
  headers?: Record<string, string>;
  agent?: Agent;
};

/** A valid event, with what a test wants different. */
export function anEvent(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const type: EventType = 'PageView';
  return {
    event_type: type,
    occurred_at: '2026-11-24T12:00:00Z',
    actor_id: 'user_1',
    source: '/scholarships',
    payload: { details: 'seen' },
    ...changes,
  };
}

/** Sends an event with the contract's headers. Rejects only when there is no answer at all. */
export async function sendEvent(url: string, input: EventInput = {}): Promise<Sent> {
  const { eventId = randomUUID(), label = 'scholarship_api', key = KEYS.emit, canary } = input;
  const headers = { ...eventHeaders({ label, eventId, key, canary }), ...input.headers };
  const body = Buffer.from(JSON.stringify(input.event ?? anEvent()));
  const answer = await exchange(`${url}/events`, { method: 'POST', headers, body, agent: input.agent });
  return { eventId, answer };
}

export type ExchangeOptions = {
  method: string;
  headers?: Record<string, string | string[]>;
  body?: Buffer;
  agent?: Agent | undefined;
};

/** One request over a real socket. The body of the answer is parsed where it is JSON, else `{ text }`. */
export function exchange(url: string, options: ExchangeOptions): Promise<Answer> {
  const { method, headers = {}, body, agent } = options;
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers, ...(agent ? { agent } : {}) }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: parse(text) }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** GET with the read key. */
export function read(url: string, path: string): Promise<Answer> {
  return exchange(`${url}${path}`, { method: 'GET', headers: { authorization: `Bearer ${KEYS.read}` } });
}

/** POST of a JSON document with the operations key. */
export function report(
  url: string,
  path: string,
  document: unknown,
  key: string = KEYS.operations,
): Promise<Answer> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  return exchange(`${url}${path}`, { method: 'POST', headers, body: Buffer.from(JSON.stringify(document)) });
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return { text };
  }
}
