import { createPool } from '@scholar/runtime/db';
import type { Logger } from '@scholar/runtime/log';
import type { Pool } from 'pg';

/**
 * Three pools, so that no reader can keep an event waiting: `ingest` writes events and nothing else, `operations`
 * writes what the operator and the refusals leave, `read` answers questions.
 */
export type Pools = { ingest: Pool; operations: Pool; read: Pool; end(): Promise<void> };

/** Pools connect lazily: they can be made while the database is down. */
export function createPools(options: {
  url: string | undefined;
  ingestConnections: number;
  log: Logger;
}): Pools {
  const { url, ingestConnections, log } = options;
  // A receipt is a promise about a disk; whatever the server's default is, ours is on.
  const shared = { url, log, synchronousCommit: 'on', connectionTimeoutMs: 2_000 } as const;
  const ingest = createPool({
    ...shared,
    max: ingestConnections,
    applicationName: 'a8 ingest',
    statementTimeoutMs: 5_000,
    idleTimeoutMs: 300_000,
  });
  const operations = createPool({
    ...shared,
    max: 3,
    applicationName: 'a8 operations',
    statementTimeoutMs: 5_000,
  });
  const read = createPool({ ...shared, max: 6, applicationName: 'a8 read', statementTimeoutMs: 5_000 });
  return {
    ingest,
    operations,
    read,
    async end() {
      await Promise.all([ingest.end(), operations.end(), read.end()]);
    },
  };
}
