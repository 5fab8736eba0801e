/** Extra members of a problem document, e.g. `{ pointer: '/email', expected: 'an e-mail address' }`. Never a secret. */
export type ProblemFields = Readonly<Record<string, unknown>>;

/**
 * An error that knows its answer: the error handler turns it into `application/problem+json` (RFC 9457) or, for a
 * browser, a small page. `detail` is shown to the caller; what only the log may know goes into `cause`.
 * Codes of the routes of a service are its own; the catalogue of the telemetry contract is for events.
 */
export class HttpProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string | undefined;
  readonly detail: string;
  readonly fields: ProblemFields;
  readonly headers: Readonly<Record<string, string>>;

  constructor(options: {
    status: number;
    /** Stable, snake_case; clients branch on it. */
    code: string;
    /** What is wrong and what to do, for the caller. */
    detail: string;
    /** A short name of the kind of problem; made from the status where absent. */
    title?: string;
    fields?: ProblemFields;
    headers?: Readonly<Record<string, string>>;
    cause?: unknown;
  }) {
    super(options.detail, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'HttpProblem';
    this.status = options.status;
    this.code = options.code;
    this.title = options.title;
    this.detail = options.detail;
    this.fields = options.fields ?? {};
    this.headers = options.headers ?? {};
  }
}
