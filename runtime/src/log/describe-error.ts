/** An error in one line: its message, or its code where the message is empty (AggregateError of a connect). */
export function describeError(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  if ('message' in error && typeof error.message === 'string' && error.message !== '') return error.message;
  return 'code' in error ? String(error.code) : String(error);
}
