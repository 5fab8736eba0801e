import type { Express } from 'express';
import { closeServer, createBoundedServer, listenOn } from '../listener/index.ts';

export interface Listening {
  readonly port: number;
  /** Stops accepting, lets requests under way finish within the grace, then cuts what is left. Never rejects. */
  close(): Promise<void>;
}

/**
 * Serves an app.
 * @param where.port 0 takes any free port; the real one is in the result.
 * @param where.graceMs how long requests under way may take after `close`; 5000 by default.
 * @throws Error that names the address and the remedy when it cannot be bound.
 */
export async function listen(
  app: Express,
  where: { host: string; port: number; graceMs?: number },
): Promise<Listening> {
  const { host, port, graceMs = 5_000 } = where;
  const server = createBoundedServer(app);
  const bound = await listenOn(server, { host, port, what: 'the public listener' });
  return { port: bound, close: () => closeServer(server, { graceMs }) };
}
