import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * Where a connection is cut, in the life of one statement (PostgreSQL manual, 54.2.3 Extended Query):
 * - `before_commit`: everything but Sync was forwarded, so the row is written and its transaction is never ended.
 * - `before_answer`: Sync was forwarded and the server has committed; nothing of its answer passes.
 * - `within_answer`: the rows and CommandComplete pass, ReadyForQuery, which alone tells of the commit, does not.
 */
export const CUTS = ['before_commit', 'before_answer', 'within_answer'] as const;
export type Cut = (typeof CUTS)[number];

export type PostgresProxy = {
  /** The database's address by way of the proxy. */
  url: string;
  /** The next statement of a connection of this application is cut there; resolves when both sides are gone. */
  cutNext(application: string, where: Cut): Promise<void>;
  close(): Promise<void>;
};

type Order = { application: string; where: Cut; done: () => void };

/** A way to PostgreSQL that reads the protocol and can break it at one exact message. */
export async function startPostgresProxy(target: string): Promise<PostgresProxy> {
  const { hostname, port } = new URL(target);
  const orders: Order[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    relay(near, far, (application) => {
      const at = orders.findIndex((order) => order.application === application);
      return at < 0 ? undefined : orders.splice(at, 1)[0];
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(target);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: url.href,
    cutNext: (application, where) => new Promise((done) => orders.push({ application, where, done })),
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

const TYPE = { bind: 'B', sync: 'S', readyForQuery: 'Z' } as const;

function relay(near: Socket, far: Socket, takeOrder: (application: string) => Order | undefined): void {
  let application = '';
  let order: Order | undefined;
  const cut = async ({ done }: Order) => {
    const gone = Promise.all([near, far].map((socket) => socket.closed || once(socket, 'close')));
    // What was written before still arrives, then the end of the stream.
    near.end(() => near.destroy());
    far.end(() => far.destroy());
    await gone;
    done();
  };
  near.on(
    'data',
    messages('startup', (type, message) => {
      if (type === '')
        application = /application_name\0([^\0]*)\0/.exec(message.toString('latin1'))?.[1] ?? '';
      if (type === TYPE.bind) order ??= takeOrder(application);
      if (type === TYPE.sync && order?.where === 'before_commit') return void cut(order);
      far.write(message);
    }),
  );
  far.on(
    'data',
    messages('typed', (type, message) => {
      if (order === undefined || order.where === 'before_commit') return void near.write(message);
      if (type === TYPE.readyForQuery) return void cut(order);
      if (order.where === 'within_answer') near.write(message);
    }),
  );
}

/** Splits a stream into messages: a type (absent from the first message of a client), a length that counts itself, a body. */
function messages(first: 'startup' | 'typed', each: (type: string, message: Buffer) => void) {
  let rest: Buffer = Buffer.alloc(0);
  let typed = first === 'typed';
  return (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const head = typed ? 1 : 0;
      if (rest.length < head + 4) return;
      const end = head + rest.readInt32BE(head);
      if (rest.length < end) return;
      const message = rest.subarray(0, end);
      rest = rest.subarray(end);
      each(typed ? String.fromCharCode(message[0] ?? 0) : '', message);
      typed = true;
    }
  };
}
