import type { AppLabel, Environment } from '@scholar/contract';
import type { Express } from 'express';
import type { Got } from 'got';
import type pg from 'pg';
import type { ServiceTokens, TokenVerifier } from '../auth/index.ts';
import type { Clock } from '../clock/index.ts';
import type { SecretSource, SettingsShape, SettingsValues } from '../config/index.ts';
import type { HealthCheck } from '../health/index.ts';
import type { ContentSources } from '../http/index.ts';
import type { Component } from '../lifecycle/index.ts';
import type { Logger } from '../log/index.ts';
import type { Metrics, MetricTable } from '../metrics/index.ts';
import type { PersonalData } from '../personal-data/index.ts';
import type { RecordEvent, WithTransaction } from './recorder.ts';
import type { SecretName } from './secrets.ts';
import type { CommonSettings } from './settings.ts';

// biome-ignore lint/complexity/noBannedTypes: "no further settings" and "no further metrics" are the empty object
export type None = {};

/** What makes one of A1–A7 that service: everything else is the same for all of them. */
export type ServiceSpec<S extends SettingsShape = SettingsShape, M extends MetricTable = MetricTable> = {
  label: AppLabel;
  /** Settings beside those of every service; the same key says it anew. */
  settings?: S;
  /** Folder of `NNNN_name.sql`, without the outbox: that table is there before. Give a URL beside `src`. */
  migrations: URL | string;
  metrics?: M;
  /** Makes the service. No I/O here: the database may be down and the schema not there yet. */
  build: (deps: ServiceDeps<S, M>) => BuiltService;
};

export type BuiltService = {
  /** Adds the routes. They are reached only when the schema is there; until then the answer is 503. */
  app: (app: Express) => void;
  /** Paths whose body arrives as the Buffer that was sent, for signatures. */
  rawBodyPaths?: readonly string[];
  contentSources?: ContentSources;
  /** What it keeps about people, where its tables know any: exported and erased at scholar_auth's request. */
  personalData?: PersonalData;
  /** Started when the schema is there, stopped before the database. */
  background?: readonly Component[];
  /** Further checks of /ready. A missing secret is none: it belongs to /running. */
  checks?: Readonly<Record<string, HealthCheck>>;
  /** Further sentences for `/running`. */
  findings?: () => string[];
};

export type ServiceDeps<S extends SettingsShape = None, M extends MetricTable = None> = {
  label: AppLabel;
  environment: Environment;
  settings: SettingsValues<CommonSettings & S>;
  /** A setting of kind secret, re-read from its file: ask `current()` at each use. */
  secret: (name: SecretName<CommonSettings> | SecretName<S>) => SecretSource;
  canaryKey: SecretSource;
  log: Logger;
  metrics: Metrics<M>;
  pool: pg.Pool;
  clock: Clock;
  random: () => number;
  /** Writes an event in the transaction of its business row. Within `withTransaction` it leaves at once after commit. */
  record: RecordEvent;
  withTransaction: WithTransaction;
  verifier: TokenVerifier;
  serviceTokens: ServiceTokens;
  /** got with JSON, 5 s, no retries, and the trace of the request under way. */
  fetchJson: Got;
};

/** Keeps the types of a spec: `export const service = defineService({ … })`. */
export function defineService<const S extends SettingsShape = None, const M extends MetricTable = None>(
  spec: ServiceSpec<S, M>,
): ServiceSpec<S, M> {
  return spec;
}
