import { type AppLabel, eventHeaders } from '@scholar/contract';
import { createBodies } from '../event.ts';
import { createDeliveries } from '../webhook/delivery.ts';

/** The text of one request (or of one message) with a fresh id. Everything is ASCII. */
export type Compose = (id: string) => string;

export type EventSender = {
  port: number;
  label: AppLabel;
  key?: string | undefined;
  traceparent?: string | undefined;
};

/** So many different events; each is sent again and again under fresh ids. */
const BODIES = 500;

/** `POST /events` as an application's emitter sends it to its forwarder; with a key, as a forwarder sends it to A8. */
export function eventRequests({ port, label, key, traceparent }: EventSender): Compose {
  const bodies = createBodies(BODIES).map((body) => body.toString('latin1'));
  const { 'x-event-id': _, ...rest } = eventHeaders({
    ...{ label, key, traceparent, eventId: '' },
    ...(key === undefined ? {} : { forwarderId: `${label}@bench` }),
  });
  const head = [
    `POST /events HTTP/1.1\r\nhost: 127.0.0.1:${port}`,
    ...Object.entries(rest).map(([name, value]) => `${name}: ${value}`),
  ].join('\r\n');
  const heads = bodies.map((body) => `\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
  let turn = 0;
  return (id) => {
    turn = (turn + 1) % BODIES;
    return `${head}\r\nx-event-id: ${id}${heads[turn]}`;
  };
}

/** The same event as one log record of an OTLP/HTTP request in JSON: the body as text, the id as an attribute. */
export function otlpRequests(port: number): Compose {
  const head = `POST /v1/logs HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\ncontent-length: `;
  const records = createBodies(BODIES).map((body) => otlpBody(body.toString('latin1')).split(ID_MARK));
  let turn = 0;
  return (id) => {
    turn = (turn + 1) % BODIES;
    const [before = '', after = ''] = records[turn] ?? [];
    return `${head}${before.length + id.length + after.length}\r\n\r\n${before}${id}${after}`;
  };
}

/** `POST /webhooks/stripe` as Stripe sends it to A6: another paid checkout for each id, signed at the moment of sending. */
export function webhookRequests(o: { port: number; secret: string; sender: number }): Compose {
  const deliver = createDeliveries({ secret: o.secret, provider: `provider-${o.sender}` });
  const head = `POST /webhooks/stripe HTTP/1.1\r\nhost: 127.0.0.1:${o.port}\r\ncontent-type: application/json; charset=utf-8`;
  return (id) => {
    const { body, signature } = deliver(id);
    return `${head}\r\nstripe-signature: ${signature}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  };
}

/** A message of JetStream: the id, then the body. */
export function natsMessages(): Compose {
  const bodies = createBodies(BODIES).map((body) => body.toString('latin1'));
  let turn = 0;
  return (id) => {
    turn = (turn + 1) % BODIES;
    return id + bodies[turn];
  };
}

const ID_MARK = '@id@';

function otlpBody(text: string): string {
  const record = {
    timeUnixNano: '1796000000000000000',
    body: { stringValue: text },
    attributes: [{ key: 'x-event-id', value: { stringValue: ID_MARK } }],
  };
  return JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] });
}
