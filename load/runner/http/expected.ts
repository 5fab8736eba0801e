/** Which statuses are no failure: http_req_failed and the tag expected_response follow it. */
export type ExpectedStatuses = (status: number) => boolean;

type Range = number | { min: number; max: number };

/** Marks a callback as made here: k6 takes no function of the script. */
const made = new WeakSet<ExpectedStatuses>();

/** @throws TypeError when a range is none */
export function expectedStatuses(...ranges: Range[]): ExpectedStatuses {
  if (ranges.length === 0) throw new TypeError('expectedStatuses takes at least one status or range');
  for (const range of ranges) {
    const bounds = typeof range === 'number' ? [range] : [range?.min, range?.max];
    if (!bounds.every(Number.isInteger)) throw new TypeError('a status is 201 or { min: 200, max: 299 }');
  }
  const callback: ExpectedStatuses = (status) =>
    ranges.some((range) =>
      typeof range === 'number' ? status === range : status >= range.min && status <= range.max,
    );
  made.add(callback);
  return callback;
}

/** @throws TypeError for what `expectedStatuses` did not make */
export function asExpected(callback: unknown): ExpectedStatuses {
  if (typeof callback === 'function' && made.has(callback as ExpectedStatuses))
    return callback as ExpectedStatuses;
  throw new TypeError('responseCallback must be made by http.expectedStatuses');
}

/** k6's default. */
export const DEFAULT_EXPECTED = expectedStatuses({ min: 200, max: 399 });
