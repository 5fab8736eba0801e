import type { IncomingHttpHeaders } from 'node:http';

const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/**
 * Why a request must not be served by the loopback listener, or undefined when it may.
 *
 * A web page can make a browser on this machine send here (DNS rebinding: the name is the attacker's, the address
 * 127.0.0.1). Such a request carries a foreign Host or an Origin; no service of ours sends either.
 */
export function foreignRequest(headers: IncomingHttpHeaders): string | undefined {
  if (headers.origin !== undefined) {
    return 'Requests with an Origin header are refused: this listener serves the application beside it, not browsers.';
  }
  if (headers.host === undefined || !LOOPBACK_HOST.test(headers.host)) {
    return 'The Host header must name the loopback address (127.0.0.1, localhost or [::1]).';
  }
  return undefined;
}

/** May the intake listen here? It asks nobody who he is, so nobody from outside may reach it. */
export function isLoopbackAddress(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}
