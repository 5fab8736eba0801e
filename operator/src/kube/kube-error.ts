import { ApiException } from '@kubernetes/client-node';
import { CouldNotLook } from '../could-not-look.ts';

/** What was asked of the API server, in the words of a Role: verb, resource and, where there is one, the name. */
export interface Asked {
  verb: 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';
  resource: string;
  name?: string | undefined;
  /** undefined = in every namespace, or of the cluster itself. */
  namespace: string | undefined;
}

/** Where it was asked, for messages. */
export interface AskedOf {
  context: string;
  server: string;
}

/** The API server did not give what was asked. `status` is its HTTP status; undefined = there was no answer. */
export class KubeError extends CouldNotLook {
  readonly status: number | undefined;

  constructor(message: string, status: number | undefined, cause: unknown) {
    super(message, { cause });
    this.status = status;
  }
}

/** @returns the error that says which right or object is missing, or that the cluster does not answer. */
export function kubeError(cause: unknown, asked: Asked, of: AskedOf): KubeError {
  if (!(cause instanceof ApiException)) {
    const sentence = `The cluster at ${of.server} (context ${of.context}) does not answer: ${reasonOf(cause)}.`;
    return new KubeError(`${sentence} Is it up, and is this the right --context?`, undefined, cause);
  }
  return new KubeError(sentenceFor(cause, asked, of), cause.code, cause);
}

function sentenceFor({ code, body }: ApiException<unknown>, asked: Asked, of: AskedOf): string {
  const what = asked.name === undefined ? asked.resource : `${asked.resource} ${asked.name}`;
  const where = asked.namespace === undefined ? 'in the cluster' : `in namespace ${asked.namespace}`;
  switch (code) {
    case 401:
      return `The cluster at ${of.server} does not accept the credentials of context ${of.context}: renew them.`;
    case 403:
      return `The right to ${asked.verb} ${what} ${where} is missing: give context ${of.context} a ${asked.namespace === undefined ? 'ClusterRole' : 'Role'} with verb ${asked.verb} on ${asked.resource}.`;
    case 404:
      return `There is no ${what} ${where}.`;
    default:
      return `The cluster answered ${code} to ${asked.verb} ${what} ${where}${detailOf(body)}.`;
  }
}

function detailOf(body: unknown): string {
  const message = typeof body === 'object' && body !== null && 'message' in body ? body.message : undefined;
  return typeof message === 'string' ? ` (${message})` : '';
}

/** Undici wraps the reason of a failed request, sometimes twice; the innermost is the one that helps. */
function reasonOf(cause: unknown): string {
  let reason = cause;
  while (reason instanceof Error && reason.cause instanceof Error) reason = reason.cause;
  const code = (reason as { code?: unknown } | undefined)?.code;
  if (typeof code === 'string') return code;
  return reason instanceof Error ? reason.message : String(reason);
}
