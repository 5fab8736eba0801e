import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Keeps thousands of idle connections from using up the process: beyond `limit` open ones, the connection that has
 * been without a request for longest makes room. One that is being answered is never touched. (A plain
 * `server.maxConnections` would turn away the newcomer instead, who may be the application with an event.)
 */
export function limitIdleConnections(server: Server, limit: number): void {
  const open = new Set<Socket>();
  const idle = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    idle.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      idle.delete(socket);
    });
    if (open.size <= limit) return;
    const oldest = idle.values().next().value;
    if (oldest) oldest.destroy();
  });
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    idle.delete(socket);
    response.once('close', () => {
      if (!socket.destroyed) idle.add(socket);
    });
  });
}
