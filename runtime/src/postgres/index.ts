export { PostgresBinariesMissing } from './binaries.ts';
export { removePostgres } from './home.ts';
export type { ServerSettings } from './initialize.ts';
export { type PostgresLog, type PostgresOptions, type RunningPostgres, startPostgres } from './start.ts';
