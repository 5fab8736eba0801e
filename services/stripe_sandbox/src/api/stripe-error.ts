/**
 * An error in the shape that Stripe's SDK turns into its error classes
 * (https://docs.stripe.com/api/errors): `{ error: { type, code?, message, param? } }`.
 */
export class StripeApiError extends Error {
  readonly status: number;
  readonly type: string;
  readonly code: string | undefined;
  readonly param: string | undefined;

  constructor(fields: { status: number; type: string; message: string; code?: string; param?: string }) {
    super(fields.message);
    this.status = fields.status;
    this.type = fields.type;
    this.code = fields.code;
    this.param = fields.param;
  }

  /** The JSON body of the answer. */
  body(): { error: Record<string, string> } {
    return {
      error: {
        type: this.type,
        message: this.message,
        ...(this.code === undefined ? {} : { code: this.code }),
        ...(this.param === undefined ? {} : { param: this.param }),
      },
    };
  }
}

/** 400 `invalid_request_error`, optionally with the parameter at fault. */
export function invalidRequest(
  message: string,
  fields: { code?: string; param?: string } = {},
): StripeApiError {
  return new StripeApiError({ status: 400, type: 'invalid_request_error', message, ...fields });
}

/** 404 `resource_missing`, worded as Stripe words it. */
export function noSuch(kind: string, id: string): StripeApiError {
  return new StripeApiError({
    status: 404,
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${kind}: '${id}'`,
    param: 'id',
  });
}

/** 401. The key itself is never repeated, only what is wrong with it. */
export function authenticationFailed(why: string): StripeApiError {
  return new StripeApiError({ status: 401, type: 'invalid_request_error', message: why });
}

/** 400 `idempotency_error`: the key came before with other parameters. */
export function idempotencyMismatch(key: string): StripeApiError {
  return new StripeApiError({
    status: 400,
    type: 'idempotency_error',
    message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
  });
}

/** 409: the first request with this key is still being worked on; the SDK retries it. */
export function idempotencyInUse(): StripeApiError {
  return new StripeApiError({
    status: 409,
    type: 'idempotency_error',
    code: 'idempotency_key_in_use',
    message:
      'There is currently another in-progress request using this Idempotency Key. Please try again later.',
  });
}
