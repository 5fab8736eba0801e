import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to A8 of the drill's own, which can be closed without touching A8 or anybody else. */
export interface PassThrough {
  /** Base address for the forwarder, on loopback. */
  url: string;
  /** Cuts what is open and refuses what comes. */
  block: () => void;
  restore: () => void;
  close: () => Promise<void>;
}

const MOST_CONNECTIONS = 64;

/**
 * Passes bytes on as they are.
 * @param hub base address of A8 as seen from this machine; plain HTTP, since a certificate would name another host.
 */
export async function openPassThrough(hub: string): Promise<PassThrough> {
  const { hostname, port, pathname } = new URL(hub);
  const open = new Set<Socket>();
  let isBlocked = false;
  const cut = (): void => {
    for (const socket of open) socket.destroy();
  };
  const server = createServer((near) => {
    if (isBlocked) {
      near.destroy();
      return;
    }
    const far = connect({ host: hostname.replace(/^\[|\]$/gu, ''), port: Number(port || 80) });
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const own = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${own}${pathname === '/' ? '' : pathname}`,
    block: () => {
      isBlocked = true;
      cut();
    },
    restore: () => {
      isBlocked = false;
    },
    close: async () => {
      cut();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}
