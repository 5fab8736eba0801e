import { z } from 'zod';
import { invalidRequest, type StripeApiError } from './stripe-error.ts';

/**
 * Parses form or query parameters; the first fault becomes Stripe's 400 with the parameter in bracket notation
 * (`line_items[0][quantity]`). Unknown parameters are refused as Stripe refuses them, so that a typo is seen here first.
 */
export function parseParams<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const parsed = schema.safeParse(input ?? {});
  if (parsed.success) return parsed.data;
  throw asStripeError(parsed.error.issues[0]);
}

function asStripeError(issue: z.core.$ZodIssue | undefined): StripeApiError {
  if (issue === undefined) return invalidRequest('The parameters could not be read.');
  if (issue.code === 'unrecognized_keys') {
    const param = bracketed([...issue.path, issue.keys[0] ?? '']);
    return invalidRequest(`Received unknown parameter: ${param}`, { code: 'parameter_unknown', param });
  }
  const param = bracketed(issue.path);
  const missing = issue.code === 'invalid_type' && issue.input === undefined;
  return missing
    ? invalidRequest(`Missing required param: ${param}.`, { code: 'parameter_missing', param })
    : invalidRequest(`Invalid ${param}: ${issue.message}`, { code: 'parameter_invalid', param });
}

function bracketed(path: readonly PropertyKey[]): string {
  return path.map((part, index) => (index === 0 ? String(part) : `[${String(part)}]`)).join('');
}

/** An integer that arrives as text in a form. */
export const formInteger = z
  .string()
  .regex(/^-?\d+$/, 'must be an integer')
  .transform(Number);

/** Stripe's limits for metadata: 50 keys, 40 characters a key, 500 characters a value. */
export const metadataParam = z
  .record(z.string().max(40), z.string().max(500))
  .refine((value) => Object.keys(value).length <= 50, 'metadata can have at most 50 keys');

/** `expand[]=a&expand[]=b`. */
export const expandParam = z.array(z.string()).max(20).optional();

/** The paging parameters of every list (https://docs.stripe.com/api/pagination). */
export const listParams = {
  limit: formInteger.pipe(z.number().min(1).max(100)).default(10),
  starting_after: z.string().optional(),
  ending_before: z.string().optional(),
  expand: expandParam,
};
