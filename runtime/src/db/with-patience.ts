import type pg from 'pg';

/** The part of a pool that runs statements. */
export type Connections = Pick<pg.Pool, 'query' | 'connect'>;

/**
 * The same connections, whose statements are given up sooner: one that has no answer after `ms` rejects, and its
 * connection is not used again. For work in the background, which would otherwise sit before a peer that went mute for
 * as long as the longest statement of a request may take.
 */
export function withPatience(pool: pg.Pool, ms: number): Connections {
  const bounded = (statement: string | pg.QueryConfig) => ({
    ...(typeof statement === 'string' ? { text: statement } : statement),
    query_timeout: ms,
  });
  const queryOf = (on: Pick<pg.Pool | pg.PoolClient, 'query'>) => (statement: string, values?: unknown[]) =>
    on.query(bounded(statement), values);
  return {
    query: queryOf(pool) as pg.Pool['query'],
    connect: (async () => {
      const client = await pool.connect();
      return new Proxy(client, {
        get: (target, name) => (name === 'query' ? queryOf(target) : Reflect.get(target, name, target)),
      });
    }) as pg.Pool['connect'],
  };
}
