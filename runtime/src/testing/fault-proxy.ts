import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * - `gone`: whoever connects is cut off, and so is every connection that is open.
 * - `slow`: whatever the far side says arrives 5 s late.
 * - `nonsense`: the far side hears nothing; what is sent is answered with bytes that mean nothing here.
 */
export const FAULTS = ['gone', 'slow', 'nonsense'] as const;
export type Fault = (typeof FAULTS)[number];

export type FaultProxy = {
  /** The target's address by way of the proxy. */
  url: string;
  break(fault: Fault): void;
  /** New connections pass. One that was answered with nonsense stays open and mute, as a confused peer would. */
  heal(): void;
  close(): Promise<void>;
};

const LATE_MS = 5_000;

/** What a portal that got between says to everything: well-formed, and never what was asked for. */
const HTML = '<!doctype html><title>Welcome</title><p>Please accept the terms.';
const HTTP_NONSENSE = `HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: ${HTML.length}\r\n\r\n${HTML}`;
const OTHER_NONSENSE = Buffer.from('\u0000\u0001scholar\r\n'.repeat(8));

/** A TCP way to one server that a test can break in three ways and mend, on one port that it never gives back. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const { hostname, port } = new URL(target);
  const url = new URL(target);
  const nonsense = url.protocol === 'http:' ? HTTP_NONSENSE : OTHER_NONSENSE;
  const sockets = new Set<Socket>();
  const timers = new Set<NodeJS.Timeout>();
  let fault: Fault | undefined;

  const later = (work: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, LATE_MS);
    timers.add(timer);
  };

  const server = createServer((near) => {
    if (fault === 'gone') return void near.resetAndDestroy();
    const far = connect(Number(port), hostname);
    join(near, far);
    join(far, near);
    let mute = false;
    near.on('data', (chunk) => {
      mute ||= fault === 'nonsense';
      if (!mute) far.write(chunk);
      else if (fault === 'nonsense') near.write(nonsense);
    });
    far.on('data', (chunk) => {
      if (mute) return;
      if (fault === 'slow') later(() => near.writable && near.write(chunk));
      else near.write(chunk);
    });
  });

  function join(socket: Socket, other: Socket): void {
    sockets.add(socket);
    socket.on('error', () => other.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      other.destroy();
    });
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    // Base addresses of services end without a slash.
    url: url.href.replace(/\/$/, ''),
    break(next) {
      fault = next;
      if (next === 'gone') for (const socket of sockets) socket.destroy();
    },
    heal() {
      fault = undefined;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const timer of timers) clearTimeout(timer);
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
