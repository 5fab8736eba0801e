import { isUnavailable } from '@scholar/runtime/db';
import { logOf, type Response } from '@scholar/runtime/http';
import { beginMessages, formatMessage, write } from '@scholar/runtime/sse';
import { ModelFailure } from '../llm/model-failure.ts';
import type { Answer, Question } from './answer-service.ts';
import { answerView } from './answer-view.ts';
import { AskerLeft } from './tell.ts';

/** How a stream ended; a label of a metric. Only `done` is an answer. */
export type StreamResult = 'done' | 'broken' | 'left';

/**
 * Tells an answer while it is made, as server-sent events with JSON: `sources` {citations}, `text` {text} again and again,
 * `replaced` {citations} where the texts so far are to be forgotten, and at the end either `done`, the whole answer with
 * the id of its row, or `broken` {code, detail}: then there was no answer, and there is neither a row nor an event. No
 * more is read from the model than the client takes.
 * @throws what happens before the first message: it is still answered with a status.
 */
export async function streamAnswer(
  response: Response,
  asked: Omit<Question, 'tell'>,
  answer: Answer,
): Promise<StreamResult> {
  const send = async (event: string, data: object) => {
    if (asked.signal.aborted) throw new AskerLeft('who asked has gone');
    if (!response.headersSent) beginMessages(response);
    await write(response, formatMessage(event, data), asked.signal);
  };
  try {
    const answered = await answer({ ...asked, tell: ({ kind, ...data }) => send(kind, data) });
    await send('done', answerView(answered));
    return 'done';
  } catch (error) {
    if (asked.signal.aborted || error instanceof AskerLeft) return 'left';
    if (!response.headersSent) throw error;
    const { code, detail } = brokenBy(error);
    if (code === 'internal') logOf(response).error({ err: error }, 'an answer failed while it was told');
    await send('broken', { code, detail }).catch(() => undefined);
    return 'broken';
  } finally {
    if (response.headersSent) response.end();
  }
}

function brokenBy(error: unknown): { code: string; detail: string } {
  if (error instanceof ModelFailure) {
    const detail = 'The answer broke off before its end. What was told is no answer: please ask again.';
    return { code: 'broken_off', detail };
  }
  const detail =
    'The answer could not be finished. What was told is no answer: please ask again in a moment.';
  return { code: isUnavailable(error) ? 'unavailable' : 'internal', detail };
}
