import type { Agent } from 'node:http';
import got, { type Method } from 'got';

/** One HTTP question of the operator. */
export interface Question {
  url: string;
  method?: Method;
  headers?: Record<string, string>;
  /** Sent as JSON; excludes `body`. */
  json?: unknown;
  body?: string;
  timeoutMs?: number;
}

export interface Reply {
  status: number;
  body: string;
  headers: Record<string, string | string[] | undefined>;
  /** Milliseconds from the question to the last byte of the answer. */
  tookMs: number;
}

export type Ask = (question: Question) => Promise<Reply>;

const DEFAULT_TIMEOUT_MS = 5_000;

/**
 * Asks once: no retry, no redirect followed, any status is an answer. The operator must see what is there, not what a
 * patient client would make of it.
 * @param agent keeps connections where opening one is dear.
 * @returns the question's answer; it throws RequestError when there is none within the time.
 */
export function createAsk(agent?: Agent): Ask {
  return async (question) => {
    const started = performance.now();
    const response = await got(question.url, {
      method: question.method ?? 'GET',
      retry: { limit: 0 },
      followRedirect: false,
      throwHttpErrors: false,
      timeout: { request: question.timeoutMs ?? DEFAULT_TIMEOUT_MS },
      ...(agent === undefined ? {} : { agent: { http: agent } }),
      ...(question.headers === undefined ? {} : { headers: question.headers }),
      ...(question.json === undefined ? {} : { json: question.json }),
      ...(question.body === undefined ? {} : { body: question.body }),
    });
    return {
      status: response.statusCode,
      body: response.body,
      headers: response.headers,
      tookMs: performance.now() - started,
    };
  };
}

export const ask: Ask = createAsk();

/** @returns the body as JSON, or undefined when it is not. */
export function jsonOf(reply: Reply): unknown {
  try {
    return JSON.parse(reply.body);
  } catch {
    return undefined;
  }
}
