import { HEADER } from '@scholar/contract';
import type { SecretSource } from '@scholar/runtime/config';
import type { ServiceDeps } from '@scholar/runtime/service';
import { patiently, postForStream, SSE_MEDIA_TYPE } from '@scholar/runtime/sse';
import { ModelFailure, toModelFailure } from './model-failure.ts';
import type { Message } from './prompt.ts';
import { type Piece, readCompletion } from './read-completion.ts';

/** The most that a model may write: some 300 words. */
export const MAX_OUTPUT_TOKENS = 400;

/** 400 tokens as chunks of one token each, with all that stands around them, are a fifth of this. */
const MAX_BYTES = 512 * 1_024;

export type ModelCall = {
  /** Ends the request; whoever asked has gone. */
  signal: AbortSignal;
  /** The most that the whole may take, ms, the time in which the caller takes no more pieces included. */
  withinMs: number;
};

/**
 * Asks the model; its answer in pieces, no faster than they are taken.
 * @throws ModelFailure when there is no whole answer in time, possibly after some pieces.
 */
export type AskModel = (messages: readonly Message[], call: ModelCall) => AsyncGenerator<Piece>;

/**
 * POST {url}/v1/chat/completions, as OpenAI documents it and many servers speak it. The key is asked for at each use,
 * since its file may change.
 */
export function createAskModel(
  deps: Pick<ServiceDeps, 'fetchJson'> & {
    url: string;
    apiKey: Pick<SecretSource, 'current'>;
    model: string;
    /** Asks for the answer in chunks. A model that answers with one document is understood all the same. */
    streams: boolean;
    /** The most that may pass until the first piece, and between two of them, ms. */
    patienceMs: number;
  },
): AskModel {
  const endpoint = `${deps.url.replace(/\/v1$/, '')}/v1/chat/completions`;

  async function* ask(messages: readonly Message[], { signal, withinMs }: ModelCall): AsyncGenerator<Piece> {
    const key = deps.apiKey.current();
    const answer = await postForStream(deps.fetchJson, endpoint, {
      json: {
        model: deps.model,
        temperature: 0,
        max_tokens: MAX_OUTPUT_TOKENS,
        messages,
        ...(deps.streams ? { stream: true, stream_options: { include_usage: true } } : {}),
      },
      headers: {
        accept: deps.streams ? `${SSE_MEDIA_TYPE}, application/json` : 'application/json',
        ...(key ? { [HEADER.authorization]: `Bearer ${key}` } : {}),
      },
      signal,
      // The bound below comes first, and knows why.
      withinMs: withinMs + 1_000,
    });
    yield* readCompletion(answer, { maxBytes: MAX_BYTES });
  }

  return async function* bounded(messages, { signal, withinMs }) {
    const late = new AbortController();
    const total = setTimeout(() => late.abort(), withinMs);
    const pieces = ask(messages, { withinMs, signal: AbortSignal.any([signal, late.signal]) });
    let began = false;
    try {
      for await (const piece of patiently(pieces, { patienceMs: deps.patienceMs, late })) {
        began = true;
        yield piece;
      }
    } catch (error) {
      if (late.signal.aborted) throw new ModelFailure('slow', 'LLM_URL takes too long');
      throw toModelFailure(error, { began });
    } finally {
      clearTimeout(total);
    }
  };
}
