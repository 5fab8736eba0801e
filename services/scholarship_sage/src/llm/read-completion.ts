import { readMessages, type Streamed } from '@scholar/runtime/sse';
import { z } from 'zod';
import { ModelFailure } from './model-failure.ts';

/** Tokens, as the model counts them. */
export type Usage = { input: number; output: number };

/** What comes of a completion: text, in one piece or many, and what it cost, where the model says so. */
export type Piece = { text: string } | { usage: Usage };

const tokens = z.number().int().min(0).max(1e9);
const usageSchema = z.object({ prompt_tokens: tokens, completion_tokens: tokens }).nullish().catch(undefined);

const completionSchema = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string().trim().min(1) }) })).min(1),
  usage: usageSchema,
});

const chunkSchema = z.object({
  choices: z.array(
    z.object({
      delta: z.object({ content: z.string().nullish() }).optional(),
      finish_reason: z.string().nullish(),
    }),
  ),
  usage: usageSchema,
});

/**
 * Reads a chat completion of OpenAI's shape: chunks, or one document from a model that does not stream.
 * @throws ModelFailure `nonsense`, `broken_off` when it ends before its end; TooMuch.
 */
export async function* readCompletion(
  { contentType, body }: Streamed,
  { maxBytes }: { maxBytes: number },
): AsyncGenerator<Piece> {
  if (!contentType.startsWith('text/event-stream')) {
    yield* wholeCompletion(await readAll(body, maxBytes));
    return;
  }
  let finished = false;
  let said = false;
  for await (const { data } of readMessages(body, { maxBytes })) {
    if (data === '[DONE]') {
      finished = true;
      break;
    }
    const { choices, usage } = parsed(chunkSchema, data);
    const choice = choices[0];
    if (choice?.delta?.content) {
      said = true;
      yield { text: choice.delta.content };
    }
    if (usage) yield { usage: { input: usage.prompt_tokens, output: usage.completion_tokens } };
    if (choice?.finish_reason === 'content_filter') {
      throw new ModelFailure('broken_off', 'LLM_URL withheld the rest of its answer');
    }
    if (choice?.finish_reason) finished = true;
  }
  if (!finished) throw new ModelFailure('broken_off', 'the stream of LLM_URL ended before its answer did');
  if (!said) throw new ModelFailure('nonsense', 'LLM_URL answered without text');
}

function* wholeCompletion(text: string): Generator<Piece> {
  const { choices, usage } = parsed(completionSchema, text);
  yield { text: choices[0]?.message.content ?? '' };
  if (usage) yield { usage: { input: usage.prompt_tokens, output: usage.completion_tokens } };
}

async function readAll(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new ModelFailure('oversized', 'LLM_URL answers too much');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** The text of a parser's error would quote the answer. */
function parsed<T extends z.ZodType>(schema: T, text: string): z.output<T> {
  const document = schema.safeParse(jsonOf(text));
  if (!document.success) throw new ModelFailure('nonsense', 'the answer of LLM_URL is no chat completion');
  return document.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
