import type { AppLabel } from '@scholar/contract';
import type pg from 'pg';

/** What tests ask of a running system, wherever it runs: this machine or a cluster. */
export interface UnderTest {
  /** Public address of a service. */
  url: (label: AppLabel) => Promise<string>;
  /** Signs the tokens by which the id of an event is known before its request is sent. */
  canaryKey: () => Promise<string>;
  /** Stripe's secret for A6's webhook. */
  webhookSecret: () => Promise<string>;
  /** Asks A8's database directly. @throws while the database is away. */
  query: <T extends pg.QueryResultRow>(sql: string, values?: unknown[]) => Promise<T[]>;
}
