import type { Clock } from '@scholar/runtime/clock';
import type { Logger } from '@scholar/runtime/log';
import type { Pool, PoolClient } from 'pg';

/** An event as `record` takes it; it adds `simulated` and the derived id for a valid canary token. */
export type RecordedEvent = {
  eventType: 'ProviderOnboarded' | 'PaymentSuccess';
  actorId: string;
  source: string;
  payload: Record<string, unknown>;
  canaryToken?: string | undefined;
};

/** What the features of this service share; a part of the deps that `runService` hands over. */
export type RegisterDeps = {
  environment: 'staging' | 'production';
  pool: Pool;
  clock: Clock;
  log: Logger;
  withTransaction: <T>(work: (tx: PoolClient) => Promise<T>) => Promise<T>;
  record: (tx: PoolClient, event: RecordedEvent) => Promise<{ eventId: string }>;
  /** CANARY_KEY as it is now. */
  canaryKey: () => string | undefined;
};
