import { z } from 'zod';
import { CouldNotLook } from '../could-not-look.ts';

export type ExaminedState = 'ok' | 'warn' | 'fail' | 'unknown';

/** One line of `scholar doctor`. */
export interface Examined {
  name: string;
  /** `unknown` = it could not be looked at, which promises nothing. */
  state: ExaminedState;
  /** What was seen, or why nothing was. */
  detail: string;
  /** What a person can do about it; undefined where nothing is to be done. */
  todo?: string;
}

/** What was seen, or the sentence that says why nothing was. */
export type Looked<T> = { value: T; reason?: undefined } | { value?: undefined; reason: string };

/**
 * @returns the answer of a look, or why there is none: it could not look, or what answered has another shape. Other errors are
 * defects and go on.
 */
export async function looked<T>(look: () => Promise<T>): Promise<Looked<T>> {
  try {
    return { value: await look() };
  } catch (cause) {
    if (cause instanceof CouldNotLook) return { reason: cause.message };
    if (cause instanceof z.ZodError)
      return { reason: `the answer is not of the expected shape: ${z.prettifyError(cause)}` };
    throw cause;
  }
}

/** The line of something that could not be looked at. */
export function unseen(name: string, reason: string, todo?: string): Examined {
  return { name, state: 'unknown', detail: reason, ...(todo === undefined ? {} : { todo }) };
}
