import { createRequire } from 'node:module';
import { join } from 'node:path';
import { labelOf } from '../event.ts';
import type { Target } from '../job.ts';
import { HttpConnection } from './http-connection.ts';
import { type Compose, eventRequests, natsMessages, otlpRequests, webhookRequests } from './requests.ts';

/** One place for one event in flight. `send` resolves once the target has acknowledged it. */
export interface Channel {
  send(id: string): Promise<void>;
  close(): void;
}

/** `count` places. HTTP: a connection each. NATS: one connection for all, as its own client does it. */
export function openChannels(target: Target, count: number): Promise<Channel[]> {
  return target.protocol === 'nats' ? openNats(target, count) : openHttp(target, count);
}

async function openHttp(target: Target, count: number): Promise<Channel[]> {
  const { protocol, ports } = target;
  const composers = composersOf(target);
  const expected = STATUS[protocol];
  const open = async (place: number): Promise<Channel> => {
    const connection = await HttpConnection.open(portAt(ports, place));
    const compose = composers[place % composers.length] as Compose;
    return {
      async send(id) {
        const { status, body } = await connection.send(compose(id));
        // A part of an OTLP request may be refused with 200.
        const refused = protocol === 'otlp' && body.includes('rejectedLogRecords');
        if (status !== expected || refused) throw new Error(`answered ${status}: ${body.slice(0, 300)}`);
      },
      close: () => connection.close(),
    };
  };
  return Promise.all(Array.from({ length: count }, (_, place) => open(place)));
}

const STATUS = { event: 202, hub: 201, otlp: 200, nats: 0, webhook: 200 } as const;

/** One a sender; the place of a connection names its port and its sender, so the two go together. */
function composersOf({ protocol, ports, senders = ports.length, key, traceparent }: Target): Compose[] {
  return Array.from({ length: senders }, (_, sender) => {
    const port = portAt(ports, sender);
    if (protocol === 'webhook') return webhookRequests({ port, secret: key ?? '', sender });
    if (protocol === 'otlp') return otlpRequests(port);
    return eventRequests({ port, label: labelOf(sender), key, traceparent });
  });
}

function portAt(ports: readonly number[], place: number): number {
  const port = ports[place % ports.length];
  if (port === undefined) throw new Error('a target without ports');
  return port;
}

export const NATS_STREAM = 'bench';
export const NATS_SUBJECT = 'bench.events';

/** What we use of the client of NATS, which is installed when the benchmark runs and not a dependency. */
export type NatsModules = {
  transport: {
    connect(o: {
      port: number;
      reconnect: boolean;
    }): Promise<{ close(): Promise<void>; closed(): Promise<unknown> }>;
  };
  jetstream: {
    jetstream(connection: unknown): {
      publish(subject: string, payload: string, o?: object): Promise<{ seq: number }>;
    };
    jetstreamManager(connection: unknown): Promise<{
      streams: {
        add(config: object): Promise<unknown>;
        info(name: string): Promise<{ state: { first_seq: number; last_seq: number; messages: number } }>;
        getMessage(name: string, query: object): Promise<{ string(): string } | null>;
      };
      direct: {
        getBatch(
          name: string,
          query: { seq: number; batch: number },
        ): Promise<AsyncIterable<{ string(): string }>>;
      };
    }>;
  };
};

export function loadNats(modules: string): NatsModules {
  const load = createRequire(join(modules, 'package.json'));
  return { transport: load('@nats-io/transport-node'), jetstream: load('@nats-io/jetstream') };
}

async function openNats({ ports, modules = '' }: Target, count: number): Promise<Channel[]> {
  const port = portAt(ports, 0);
  const { transport, jetstream } = loadNats(modules);
  const connection = await transport.connect({ port, reconnect: false });
  const stream = jetstream.jetstream(connection);
  const compose = natsMessages();
  const channel: Channel = {
    async send(id) {
      await stream.publish(NATS_SUBJECT, compose(id), { timeout: 30_000 });
    },
    close: () => void connection.close().catch(() => undefined),
  };
  // The end of the server is the end of every publish that waits.
  const ended = connection.closed().then(() => Promise.reject(new Error('the connection was closed')));
  ended.catch(() => undefined);
  return Array.from({ length: count }, () => ({
    ...channel,
    send: (id) => Promise.race([channel.send(id), ended]),
  }));
}
