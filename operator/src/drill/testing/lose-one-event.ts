/**
 * Preloaded into a real forwarder (`node --import`): it acknowledges the fifth event that it is handed and forgets it,
 * as a forwarder would that answers before fsync. The fault that a drill must find.
 */
import { type IncomingMessage, Server, type ServerResponse } from 'node:http';

const LOST = 5;
const emit = Server.prototype.emit;
let seen = 0;

Server.prototype.emit = function (this: Server, ...args: [name: string | symbol, ...rest: unknown[]]) {
  const [name, request, response] = args as [string, IncomingMessage, ServerResponse];
  const isEvent = name === 'request' && request.method === 'POST' && request.url === '/events';
  if (isEvent) seen += 1;
  if (!isEvent || seen !== LOST) return Reflect.apply(emit, this, args);
  request.resume();
  const receipt = { accepted: true, persisted: false, queued: true, event_id: request.headers['x-event-id'] };
  response.writeHead(202, { 'content-type': 'application/json' }).end(JSON.stringify(receipt));
  return true;
};
