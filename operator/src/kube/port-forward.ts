import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Writable } from 'node:stream';
import { type KubeConfig, PortForward } from '@kubernetes/client-node';

export interface PodPort {
  config: KubeConfig;
  namespace: string;
  /** Asked for each connection, so that a forward outlives the pod that it began with. */
  pod: () => Promise<string>;
  /** A port of the pod, loopback ports included. */
  port: number;
}

/** A port of this machine that leads to a port of a pod. */
export interface LocalPort {
  port: number;
  /** Why the last connection failed; undefined after one that did not. */
  trouble: () => string | undefined;
  close: () => Promise<void>;
}

/**
 * `kubectl port-forward` inside this process: an ephemeral port of 127.0.0.1, one WebSocket for each connection. Needs
 * the right to create pods/portforward.
 */
export async function openLocalPort(target: PodPort): Promise<LocalPort> {
  const sockets = new Set<Socket>();
  let trouble: string | undefined;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // Its end is what matters; the reason is told by `trouble` or by the client.
    socket.on('error', () => undefined);
    connect(target, socket).then(
      (reported) => {
        trouble = undefined;
        reported((text) => {
          trouble = text;
          socket.destroy();
        });
      },
      (cause: unknown) => {
        trouble = cause instanceof Error ? cause.message : String((cause as { message?: unknown }).message);
        socket.destroy();
      },
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    trouble: () => trouble,
    close: () => closed(server, sockets),
  };
}

type OnTrouble = (text: string) => void;

/** @returns where to hear of the pod refusing the connection, which the kubelet tells after the connection stands. */
async function connect(target: PodPort, socket: Socket): Promise<(listener: OnTrouble) => void> {
  let listener: OnTrouble | undefined;
  let early = '';
  const errors = new Writable({
    write(chunk: Buffer, _encoding, done) {
      const text = chunk.toString('utf8').trim();
      if (text !== '' && listener !== undefined) listener(text);
      else early ||= text;
      done();
    },
  });
  const pod = await target.pod();
  const forward = new PortForward(target.config, false);
  const ws = await forward.portForward(target.namespace, pod, [target.port], socket, errors, socket);
  if (typeof ws === 'function')
    throw new Error('the client made a restartable forward, which was not asked for');
  ws.on('error', () => socket.destroy());
  ws.on('close', () => socket.end());
  socket.once('close', () => ws.terminate());
  if (socket.destroyed) ws.terminate();
  return (added) => {
    listener = added;
    if (early !== '') added(early);
  };
}

async function closed(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const done = once(server, 'close');
  server.close();
  for (const socket of sockets) socket.destroy();
  await done;
}
