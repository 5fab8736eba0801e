import { z } from 'zod';
import { CouldNotLook } from '../could-not-look.ts';
import { jsonOf, type Question, type Reply } from '../gather/http-client.ts';
import type { Target } from '../target/target.ts';

/** What A1 said to an order: that it is done, or why it is not. The reason repeats nothing that was typed. */
export type Answer<T> = ({ ok: true } & T) | Refusal;
export interface Refusal {
  ok: false;
  code: string;
  reason: string;
}

/** When a new signing key begins to sign, and what becomes of the others (services/scholar_auth/README.md). */
export const ROTATIONS = ['announced', 'at_once', 'withdraw'] as const;
export type Rotation = (typeof ROTATIONS)[number];

const rotatedSchema = z.object({ kid: z.string(), signs_from: z.iso.datetime() });
const admittedSchema = z.object({ user_id: z.uuid(), created: z.boolean() });
const nothingSchema = z.unknown().transform(() => ({}));
const problemSchema = z.object({
  code: z.string(),
  detail: z.string().default(''),
  errors: z.array(z.object({ pointer: z.string(), expected: z.string() })).default([]),
});

/** No service takes longer over a request than 10 s. */
const TIMEOUT_MS = 12_000;

/**
 * What A1 does for operators: its keys and its staff, by the operations key.
 * Everything throws CouldNotLook where A1 gives no answer of its own, or does not know the key.
 */
export function askAccounts(target: Pick<Target, 'ask' | 'apps' | 'orders'>) {
  const url = target.apps.find(({ label }) => label === 'scholar_auth')?.url;
  const key = target.orders?.operationsKey;
  if (url === undefined || key === undefined)
    throw new CouldNotLook('This system takes no orders about accounts.');

  async function order<T extends object>(
    { path, ...question }: { path: string } & Pick<Question, 'method' | 'json'>,
    expected: z.ZodType<T>,
  ): Promise<Answer<T>> {
    const headers = { authorization: `Bearer ${key}` };
    const asked = { url: `${url}/operations/${path}`, headers, timeoutMs: TIMEOUT_MS, ...question };
    const reply = await target.ask(asked).catch((cause: unknown) => {
      // The cause of a lost answer does not tell whether the order had arrived.
      const words = `A1 gave no answer at ${url}; whether it was done is not known. See \`scholar audit\`.`;
      throw new CouldNotLook(words, { cause });
    });
    if (reply.status >= 300) return refusalOf(reply);
    const parsed = expected.safeParse(jsonOf(reply));
    if (!parsed.success) throw new CouldNotLook('A1 answered something else than what was done.');
    return { ok: true, ...parsed.data };
  }

  return {
    rotateKeys: (how: Rotation) =>
      order({ path: 'signing-keys', method: 'POST', json: { how } }, rotatedSchema),
    /** The address goes in the body: what stands in a path is logged. */
    addStaff: (email: string) => order({ path: 'staff', method: 'POST', json: { email } }, admittedSchema),
    removeStaff: (userId: string) => order({ path: `staff/${userId}`, method: 'DELETE' }, nothingSchema),
  };
}

/** @throws CouldNotLook for an answer that is no judgement about the order. */
function refusalOf(reply: Reply): Refusal {
  if (reply.status === 401)
    throw new CouldNotLook(
      'A1 does not know the operations key of this system (401): it runs with another A8_OPERATIONS_KEY. See `scholar audit`.',
    );
  const problem = problemSchema.safeParse(jsonOf(reply)).data;
  const judged = reply.status < 500 || problem?.code === 'not_configured';
  if (problem === undefined || !judged)
    throw new CouldNotLook(`A1 answered ${reply.status}${problem ? ` ${problem.code}` : ''}. Try again.`);
  const wrong = problem.errors.map(({ pointer, expected }) => `${pointer}: ${expected}`);
  return { ok: false, code: problem.code, reason: [problem.detail, ...new Set(wrong)].join(' ') };
}
