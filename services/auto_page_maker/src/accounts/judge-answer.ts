import { z } from 'zod';

/** What scholar_auth answered to POST /internal/users, or why there was no answer. */
export type AccountAnswer =
  | { kind: 'answer'; status: number; body: unknown }
  | { kind: 'silence'; reason: string };

export type AccountVerdict =
  | { kind: 'linked'; userId: string }
  | { kind: 'refused'; problem: string }
  | { kind: 'retry'; problem: string };

const userAnswer = z.object({ user_id: z.uuid() });
const problemAnswer = z.object({ code: z.string().max(64) });

/**
 * 200 and 201 with a user id link the lead. Only a refusal of the content itself (400, 413, 422 with a problem code)
 * is final: every other answer, 401 and 404 included, speaks of configuration or weather and is tried again.
 */
export function judgeAccountAnswer(answer: AccountAnswer): AccountVerdict {
  if (answer.kind === 'silence') return { kind: 'retry', problem: answer.reason };
  const { status, body } = answer;
  if (status === 200 || status === 201) {
    const user = userAnswer.safeParse(body);
    if (user.success) return { kind: 'linked', userId: user.data.user_id };
    return { kind: 'retry', problem: `status ${status} without a user_id` };
  }
  const problem = problemAnswer.safeParse(body);
  if (problem.success && (status === 400 || status === 413 || status === 422)) {
    return { kind: 'refused', problem: problem.data.code };
  }
  return { kind: 'retry', problem: `status ${status}` };
}
