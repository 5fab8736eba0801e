import type { IncomingMessage, ServerResponse } from 'node:http';
import { HEADER, headerText, MAX_BODY_BYTES, type ProblemCode, verifyCanary } from '@scholar/contract';
import { closeServer, createBoundedServer, listenOn } from '@scholar/runtime/listener';
import type { Logger } from '@scholar/runtime/log';
import { type AcceptDeps, acceptEvent } from './accept-event.ts';
import { type Reply, refuse, send } from './answer.ts';
import { type ControlDeps, control } from './control.ts';
import { eraseActor } from './erase-actor.ts';
import { type FindDeps, findEvent } from './find-event.ts';
import { limitIdleConnections } from './idle-connections.ts';
import { foreignRequest, isLoopbackAddress } from './loopback.ts';
import { readBody } from './read-body.ts';

export type IntakeDeps = AcceptDeps &
  FindDeps &
  ControlDeps & { log: Logger; refused: (code: ProblemCode, canary: boolean) => void };

export interface Intake {
  readonly port: number;
  /** Stops accepting; requests under way get their answer. */
  close(): Promise<void>;
}

/** An application uses a handful of connections; a file descriptor is kept for the disk whatever comes. */
const MAX_CONNECTIONS = 1_000;
const CLOSE_GRACE_MS = 1_000;

/**
 * The listener that the application beside us talks to: plain node:http (Express costs three times as much per
 * request), loopback only, no log line per event.
 * @throws Error when the address cannot be bound, saying which one.
 */
export async function startIntake(options: {
  host: string;
  port: number;
  deps: IntakeDeps;
}): Promise<Intake> {
  const { host, port, deps } = options;
  if (!isLoopbackAddress(host)) {
    throw new Error(
      `INTAKE_HOST is ${host}: the intake asks for no key, so it must listen on 127.0.0.1 or ::1`,
    );
  }
  const server = createBoundedServer((request, response) => void respond(request, response, deps));
  limitIdleConnections(server, MAX_CONNECTIONS);
  const bound = await listenOn(server, { host, port, what: 'the intake of the forwarder' });
  return { port: bound, close: () => closeServer(server, { graceMs: CLOSE_GRACE_MS }) };
}

async function respond(request: IncomingMessage, response: ServerResponse, deps: IntakeDeps): Promise<void> {
  try {
    const reply = await route(request, deps);
    if (!reply) return;
    if (reply.problem) deps.refused(reply.problem, isCanary(request, deps.policy));
    if (!request.complete) {
      // The rest of the body is not wanted: after the answer the connection is of no more use.
      response.setHeader('connection', 'close');
      request.resume();
    }
    send(response, reply);
  } catch (error) {
    deps.log.error({ err: error, method: request.method }, 'the intake could not answer');
    send(response, refuse('internal'));
  }
}

async function route(request: IncomingMessage, deps: IntakeDeps): Promise<Reply | undefined> {
  const foreign = foreignRequest(request.headers);
  if (foreign !== undefined) return refuse('forbidden', { detail: foreign });
  if (request.method === 'POST' && request.url === '/events') return receive(request, deps);
  // The service beside us says itself who is erased of those whose events it sent: it needs no token for that.
  if (request.method === 'POST' && request.url === '/erasures') return eraseActor(request, deps.outbox);
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  if (request.method === 'GET' && path.startsWith('/events/'))
    return findEvent(path.slice('/events/'.length), deps);
  const controlled = await control(request, path, deps);
  // Everything else is an event, or is refused by the contract's own check of the route.
  return controlled ?? receive(request, deps);
}

async function receive(request: IncomingMessage, deps: IntakeDeps): Promise<Reply | undefined> {
  const body = await readBody(request, MAX_BODY_BYTES);
  return body === undefined ? undefined : acceptEvent(request, body, deps);
}

/** A guard that is tested on purpose must not look like an application that is broken. */
function isCanary({ headers }: IncomingMessage, { canaryKey, now }: AcceptDeps['policy']): boolean {
  return verifyCanary(headerText(headers, HEADER.canary), canaryKey, now()) !== undefined;
}
