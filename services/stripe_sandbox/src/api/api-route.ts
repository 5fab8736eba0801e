/**
 * What every /v1 route has in common: key check, idempotency, `Request-Id`, errors in Stripe's shape.
 *
 * A handler reads the state and returns an answer together with its changes; the wrapper commits the changes and the
 * remembered answer of the idempotency key in one journal line, so that a crash can never separate them.
 */
import { createHash } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { randomId } from '../identifiers.ts';
import type { Change, State } from '../state/state.ts';
import { API_VERSION } from '../stripe-objects.ts';
import { nestedForm } from './nested-form.ts';
import {
  authenticationFailed,
  idempotencyInUse,
  idempotencyMismatch,
  StripeApiError,
} from './stripe-error.ts';

export type ApiRequest = {
  requestId: string;
  idempotencyKey: string | undefined;
  /** Path parameter `:id`, empty where the route has none. */
  id: string;
  /** The form of a POST, the query of everything else; nested, all leaves are text. */
  params: unknown;
  /** Where the caller reached us, `http://host:port`. */
  baseUrl: string;
};

export type ApiAnswer = { status?: number; body: unknown; changes?: Change[] };

export type ApiHandler = (request: ApiRequest) => ApiAnswer;

export type ApiDeps = { state: State; now: () => number; onCommitted: () => void };

/** Wraps a handler into an Express handler. One instance per process: it knows which idempotency keys are in use. */
export function createApiRoute(deps: ApiDeps): (handler: ApiHandler) => RequestHandler {
  const inUse = new Set<string>();
  return (handler) => async (req, res) => {
    const request = readRequest(req);
    res.set({ 'Request-Id': request.requestId, 'Stripe-Version': API_VERSION });
    if (request.idempotencyKey !== undefined) res.set('Idempotency-Key', request.idempotencyKey);
    try {
      const key = checkKey(req);
      const answer = await (req.method === 'POST' && request.idempotencyKey !== undefined
        ? once({ deps, inUse, handler, request, req, key })
        : run(deps, handler(request)));
      if (answer.replayed) res.set('Idempotent-Replayed', 'true');
      res.status(answer.status).json(answer.body);
    } catch (error) {
      sendError(error, res);
    }
  };
}

type Settled = { status: number; body: unknown; replayed?: boolean };

async function run(deps: ApiDeps, answer: ApiAnswer): Promise<Settled> {
  await deps.state.commit(answer.changes ?? []);
  if (answer.changes !== undefined) deps.onCommitted();
  return { status: answer.status ?? 200, body: answer.body };
}

async function once(call: {
  deps: ApiDeps;
  inUse: Set<string>;
  handler: ApiHandler;
  request: ApiRequest;
  req: Request;
  key: string;
}): Promise<Settled> {
  const { deps, inUse, request, req } = call;
  const id = digest(`${call.key}\n${request.idempotencyKey}`);
  const fingerprint = digest(`${req.method} ${req.path}\n${JSON.stringify(request.params)}`);
  if (inUse.has(id)) throw idempotencyInUse();
  const earlier = deps.state.get('answers', id);
  if (earlier !== undefined) {
    if (earlier.request !== fingerprint) throw idempotencyMismatch(request.idempotencyKey ?? '');
    return { status: earlier.status, body: earlier.body, replayed: true };
  }
  inUse.add(id);
  try {
    const answer = call.handler(request);
    const remembered = {
      id,
      request: fingerprint,
      status: answer.status ?? 200,
      body: answer.body,
      at: deps.now(),
    };
    return await run(deps, {
      ...answer,
      changes: [...(answer.changes ?? []), { put: 'answers', value: remembered }],
    });
  } finally {
    inUse.delete(id);
  }
}

function readRequest(req: Request): ApiRequest {
  const id = req.params['id'];
  return {
    requestId: randomId('req_', 14),
    idempotencyKey: req.get('idempotency-key'),
    id: typeof id === 'string' ? id : '',
    params: nestedForm((req.method === 'POST' ? req.body : req.query) ?? {}),
    baseUrl: `http://${req.get('host') ?? 'localhost'}`,
  };
}

/** Only test keys, in a bearer or (as curl -u sends it) a basic header. */
function checkKey(req: Request): string {
  const [scheme, credentials = ''] = (req.get('authorization') ?? '').split(' ');
  const key =
    scheme === 'Basic' ? Buffer.from(credentials, 'base64').toString().replace(/:$/, '') : credentials;
  if (key === '')
    throw authenticationFailed('You did not provide an API key. Send a test key as a bearer token.');
  if (/^(sk|rk)_live_/.test(key))
    throw authenticationFailed('This is a sandbox: a live key must never be sent to it.');
  if (!/^(sk|rk)_test_\w+$/.test(key)) {
    throw authenticationFailed(
      'Invalid API Key provided: the sandbox accepts keys that begin with sk_test_ or rk_test_.',
    );
  }
  return key;
}

/** Stripe's own errors as Stripe answers them; anything else is for the error handler of the app. */
function sendError(error: unknown, res: Response): void {
  if (!(error instanceof StripeApiError)) throw error;
  res.status(error.status).json(error.body());
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
