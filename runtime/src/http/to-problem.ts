import { HttpProblem } from './http-problem.ts';

type Known = { status: number; code: string; detail: string };

/** What body-parser calls its failures (its README, "Errors"), in our words. */
const BODY_FAILURES: Record<string, Known> = {
  'entity.too.large': {
    status: 413,
    code: 'body_too_large',
    detail: 'The body is larger than this route takes (64 KiB). Send less.',
  },
  'entity.parse.failed': {
    status: 400,
    code: 'malformed_json',
    detail: 'The body is not valid JSON. Correct it.',
  },
  'encoding.unsupported': {
    status: 415,
    code: 'unsupported_media_type',
    detail: 'This content-encoding is not supported. Send the body as it is.',
  },
  'charset.unsupported': {
    status: 415,
    code: 'unsupported_media_type',
    detail: 'This charset is not supported. Send UTF-8.',
  },
  'parameters.too.many': {
    status: 413,
    code: 'body_too_large',
    detail: 'The form has too many fields. Send fewer.',
  },
  'request.size.invalid': {
    status: 400,
    code: 'invalid_body',
    detail: 'The body is not as long as content-length says. Send it again.',
  },
  'request.aborted': { status: 400, code: 'invalid_body', detail: 'The body ended early. Send it again.' },
};

/**
 * What an error thrown on a route means to the caller. Problems are passed on; failures of parsing and other errors
 * with a 4xx status (a broken percent escape in the path) are translated; everything else is an `internal` 500 that
 * tells nothing and carries the error as its cause.
 */
export function toProblem(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  const { type, status } = traits(error);
  const known = type === undefined ? undefined : BODY_FAILURES[type];
  if (known) return new HttpProblem({ ...known, cause: error });
  if (status !== undefined && status >= 400 && status < 500) {
    const detail = 'The request cannot be understood. Check its path, query and body.';
    return new HttpProblem({ status, code: 'bad_request', detail, cause: error });
  }
  const detail = 'Something went wrong on our side. Try again; if it stays, report the request_id.';
  return new HttpProblem({ status: 500, code: 'internal', detail, cause: error });
}

function traits(error: unknown): { type: string | undefined; status: number | undefined } {
  if (typeof error !== 'object' || error === null) return { type: undefined, status: undefined };
  const type = 'type' in error && typeof error.type === 'string' ? error.type : undefined;
  const status = 'status' in error && typeof error.status === 'number' ? error.status : undefined;
  return { type, status };
}
