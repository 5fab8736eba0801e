/** SQLSTATE classes that mean "not now" (PostgreSQL manual, appendix A): connection exception, out of resources. */
const UNAVAILABLE_CLASSES = ['08', '53'];

/** admin_shutdown, crash_shutdown, cannot_connect_now, database_dropped is not one of them: that one is for ever. */
const UNAVAILABLE_STATES = ['57P01', '57P02', '57P03', '25006'];

const NETWORK_ERRORS = [
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
];

/** pg gives these no code. */
const PG_MESSAGES = [
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'timeout expired',
  'Query read timeout',
  'Client has encountered a connection error',
];

/**
 * Whether a failed query may succeed later, unchanged: the server is down, starting, stopping, read-only during a
 * failover, or out of connections, disk or memory. Everything else is a fault of the statement or of its data.
 */
export function isUnavailable(error: unknown): boolean {
  // By shape, not by class: drivers and node:net throw errors of several kinds, and one per address tried.
  if (typeof error !== 'object' || error === null) return false;
  const { code, message, errors } = error as { code?: unknown; message?: unknown; errors?: unknown };
  if (Array.isArray(errors) && errors.some(isUnavailable)) return true;
  if (typeof code === 'string') {
    if (NETWORK_ERRORS.includes(code) || UNAVAILABLE_STATES.includes(code)) return true;
    if (code.length === 5 && UNAVAILABLE_CLASSES.includes(code.slice(0, 2))) return true;
  }
  return typeof message === 'string' && PG_MESSAGES.some((known) => message.includes(known));
}
