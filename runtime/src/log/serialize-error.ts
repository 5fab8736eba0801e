import { types } from 'node:util';

export type SerializedError = {
  type: string;
  message: string;
  stack?: string;
  code?: string;
  cause?: SerializedError;
};

const MAX_CAUSES = 4;

/**
 * An error for the log: type, message, stack, code and causes, nothing else. Drivers hang whole requests, rows and
 * headers on their errors (PostgreSQL's `detail` quotes the row), so what is printed is a list of what is wanted.
 */
export function serializeError(error: unknown): SerializedError {
  return serialize(error, 0);
}

function serialize(error: unknown, depth: number): SerializedError {
  if (!isError(error)) return { type: typeof error, message: String(error) };
  const out: SerializedError = { type: error.name, message: error.message };
  if (error.stack) out.stack = error.stack;
  if ('code' in error && (typeof error.code === 'string' || typeof error.code === 'number')) {
    out.code = String(error.code);
  }
  if (error.cause !== undefined && depth < MAX_CAUSES) out.cause = serialize(error.cause, depth + 1);
  return out;
}

/** Also for errors of another realm (worker, vm), of which `instanceof` knows nothing. */
function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}
