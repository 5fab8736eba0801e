import type { SpanAttributes } from './span.ts';

/**
 * What the semantic conventions want of an HTTP request. `url.path` is the template too: a path has ids in it.
 * @param route the route template; undefined where none matched.
 */
export function httpAttributes(request: {
  method: string;
  route: string | undefined;
  status: number;
}): SpanAttributes {
  const { method, route, status } = request;
  return {
    'http.request.method': method,
    'http.response.status_code': status,
    ...(route === undefined ? {} : { 'http.route': route, 'url.path': route }),
  };
}

/** What they want of an event on its way. */
export function messageAttributes(message: {
  /** `create`: the event comes into being. `send`: it goes to the next hop. `receive`: it is there. */
  operation: 'create' | 'send' | 'receive';
  destination: 'outbox' | 'forwarder' | 'a8';
  eventId: string;
}): SpanAttributes {
  return {
    'messaging.system': 'scholar',
    'messaging.operation.type': message.operation,
    'messaging.operation.name': message.operation,
    'messaging.destination.name': message.destination,
    'messaging.message.id': message.eventId,
  };
}
