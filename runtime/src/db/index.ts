export { type MigrateOptions, migrate, SCHEMA_TOO_NEW_EXIT_CODE, SchemaTooNew } from './migrate.ts';
export { createPool, type DbLog, type PoolOptions } from './pool.ts';
export { inTransaction } from './transaction.ts';
export { isUnavailable } from './unavailable.ts';
export { endOnNewDatabaseUrl } from './watch-database-url.ts';
export { type Connections, withPatience } from './with-patience.ts';
