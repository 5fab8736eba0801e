import { createOutage } from '@scholar/runtime/away';
import type { Response } from '@scholar/runtime/http';
import type { Logger } from '@scholar/runtime/log';
import type { ServiceDeps } from '@scholar/runtime/service';
import {
  beginMessages,
  formatMessage,
  patiently,
  postForStream,
  readMessages,
  SSE_MEDIA_TYPE,
  type SseMessage,
  write,
} from '@scholar/runtime/sse';
import { headersFor } from '../http/ask-service.ts';

/** Passes on what scholarship_sage tells, no faster than the browser takes it; resolves when the answer to it has ended. */
export type RelayAnswer = (
  response: Response,
  body: { question: string; student_id: string },
  canaryToken: string | undefined,
) => Promise<void>;

/** What scholarship_sage tells; the last two end it. */
const TOLD = new Set(['sources', 'text', 'replaced', 'done', 'broken']);
const LAST = new Set(['done', 'broken']);

/** Longer than scholarship_sage lets an answer take. */
const WITHIN_MS = 60_000;
/** An answer and its sources are a few kilobytes, said twice. */
const MAX_BYTES = 256 * 1_024;

/**
 * A stream that ends without its end is told as `broken`, whoever is to blame. A browser that leaves ends the request to
 * scholarship_sage.
 */
export function createRelayAnswer(
  deps: Pick<ServiceDeps, 'fetchJson' | 'serviceTokens'> & {
    url: string | undefined;
    /** The most that may pass until the first message, and between two of them, ms. */
    patienceMs: number;
    log: Logger;
  },
): RelayAnswer {
  const outage = createOutage(deps.log, 'scholarship_sage');

  async function* messages(json: object, canaryToken: string | undefined, signal: AbortSignal) {
    if (deps.url === undefined) throw new Error('the address of scholarship_sage is not set');
    const headers = await headersFor(deps.serviceTokens, canaryToken);
    const { contentType, body } = await postForStream(deps.fetchJson, deps.url, {
      json,
      headers: { ...headers, accept: SSE_MEDIA_TYPE },
      signal,
      withinMs: WITHIN_MS,
    });
    if (!contentType.startsWith(SSE_MEDIA_TYPE)) throw new Error('scholarship_sage answers no stream');
    yield* readMessages(body, { maxBytes: MAX_BYTES });
  }

  return async (response, body, canaryToken) => {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const late = new AbortController();
    const source = messages(body, canaryToken, AbortSignal.any([gone.signal, late.signal]));
    const pass = async ({ event, data }: SseMessage) =>
      write(response, formatMessage(event, JSON.parse(data)), gone.signal);
    beginMessages(response);
    let ended = false;
    try {
      for await (const message of patiently(source, { patienceMs: deps.patienceMs, late })) {
        if (!TOLD.has(message.event)) continue;
        await pass(message);
        ended = LAST.has(message.event);
        if (ended || gone.signal.aborted) break;
      }
      if (ended) outage.over();
    } catch (err) {
      if (!gone.signal.aborted) outage.noticed(err);
    }
    if (!ended) await write(response, BROKEN, gone.signal);
    response.end();
  };
}

const BROKEN = formatMessage('broken', {
  code: 'unavailable',
  detail: 'Questions cannot be answered just now. Please try again in a moment.',
});
