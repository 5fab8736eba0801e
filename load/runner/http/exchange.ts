import type { Dispatcher } from 'undici';

/** What one request has brought, with the times that k6 tells of one; ms. */
export interface Exchanged {
  status: number;
  statusText: string;
  headers: Record<string, string>;
  body: Buffer;
  error: string;
  errorCode: number;
  timings: { blocked: number; sending: number; waiting: number; receiving: number; duration: number };
}

type Controller = Dispatcher.DispatchController;

/** k6's numbers of what can go wrong (k6's documentation, "Error codes"). */
const ERROR_CODES: Readonly<Record<string, readonly [number, string]>> = {
  ECONNREFUSED: [1212, 'dial: connection refused'],
  ECONNRESET: [1220, 'write: connection reset by peer'],
  EPIPE: [1220, 'write: broken pipe'],
  ENOTFOUND: [1101, 'lookup: no such host'],
  ETIMEDOUT: [1211, 'dial: i/o timeout'],
  UND_ERR_CONNECT_TIMEOUT: [1211, 'dial: i/o timeout'],
  UND_ERR_HEADERS_TIMEOUT: [1050, 'request timeout'],
  UND_ERR_BODY_TIMEOUT: [1050, 'request timeout'],
  UND_ERR_SOCKET: [1220, 'the connection was closed'],
};
const TIMED_OUT = [1050, 'request timeout'] as const;
const ANYTHING_ELSE = 1000;

/** One request, as undici reports on it. Resolves whatever happens: in k6 a failed request is an answer with status 0. */
export function exchange(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  timeoutMs: number,
): Promise<Exchanged> {
  return new Promise((resolve) => {
    const calledMs = performance.now();
    let startMs = calledMs;
    let sentMs: number | undefined;
    let headMs: number | undefined;
    let head = { status: 0, statusText: '', headers: {} as Record<string, string> };
    const chunks: Buffer[] = [];
    let timer: NodeJS.Timeout | undefined;

    function finish(error: string, errorCode: number): void {
      clearTimeout(timer);
      const endMs = performance.now();
      const writtenMs = sentMs ?? startMs;
      const answeredMs = headMs ?? endMs;
      const shown = error === '' ? head : { ...head, status: 0, statusText: '' };
      resolve({
        ...shown,
        body: error === '' ? Buffer.concat(chunks) : Buffer.alloc(0),
        ...{ error, errorCode },
        timings: {
          blocked: startMs - calledMs,
          sending: writtenMs - startMs,
          waiting: answeredMs - writtenMs,
          receiving: endMs - answeredMs,
          duration: endMs - startMs,
        },
      });
    }

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(controller: Controller) {
        startMs = performance.now();
        timer = setTimeout(() => controller.abort(new Error(TIMED_OUT[1])), timeoutMs);
      },
      onRequestSent() {
        sentMs = performance.now();
      },
      onResponseStart(_controller, status, headers, statusText = '') {
        if (status < 200) return;
        headMs = performance.now();
        head = { status, statusText: `${status} ${statusText}`.trim(), headers: canonical(headers) };
      },
      onResponseData(_controller, chunk) {
        chunks.push(chunk);
      },
      onResponseEnd() {
        finish('', 0);
      },
      onResponseError(_controller, error) {
        const code = String((error as NodeJS.ErrnoException).code ?? '');
        const known = error.message === TIMED_OUT[1] ? TIMED_OUT : ERROR_CODES[code];
        const [errorCode, text] = known ?? [ANYTHING_ELSE, error.message];
        finish(text, errorCode);
      },
    };
    try {
      dispatcher.dispatch(request, handler);
    } catch (error) {
      finish((error as Error).message, ANYTHING_ELSE);
    }
  });
}

/** k6 shows names of headers as Go writes them (`Content-Type`), several values with a comma. */
function canonical(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase().replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase()),
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}
