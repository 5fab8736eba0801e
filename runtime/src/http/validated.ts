import type { z } from 'zod';
import { HttpProblem } from './http-problem.ts';

const MAX_ERRORS = 20;
const NO_OTHER_KEYS = 'no keys but the documented ones';

/**
 * The value as the schema describes it.
 * @throws HttpProblem 422 `validation_failed` with `errors: [{ pointer, expected }]` (JSON pointers, RFC 6901).
 */
export function validated<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.slice(0, MAX_ERRORS).map((issue) => ({
    pointer: toPointer(issue.path),
    // The message of this one names the key, and that may be anything that somebody typed.
    expected: issue.code === 'unrecognized_keys' ? NO_OTHER_KEYS : issue.message,
  }));
  const where = errors.map(({ pointer, expected }) => `${pointer || 'body'}: ${expected}`).join('; ');
  throw new HttpProblem({
    status: 422,
    code: 'validation_failed',
    detail: `Some values are not as they should be. ${where}`,
    fields: { errors },
  });
}

function toPointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
