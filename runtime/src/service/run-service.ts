import {
  type Env,
  logSettings,
  parseSettingsOrExit,
  processEnv,
  type SettingsShape,
} from '../config/index.ts';
import { endOnNewDatabaseUrl, type SchemaTooNew } from '../db/index.ts';
import { createLifecycle } from '../lifecycle/index.ts';
import { createLogger } from '../log/index.ts';
import type { MetricTable } from '../metrics/index.ts';
import { createService } from './create-service.ts';
import { commonSettings } from './settings.ts';
import type { ServiceSpec } from './spec.ts';

/**
 * The whole life of one of A1–A7: settings, start, signals, stop. A `main.ts` is one call of this.
 * Exit codes: 0 after a clean stop, also when its file of DATABASE_URL has another address (decision 0007), 1 when a listener cannot be bound, 2 for unusable settings, 57 when the schema
 * belongs to a newer release.
 */
export async function runService<S extends SettingsShape, M extends MetricTable>(
  spec: ServiceSpec<S, M>,
  env: Env = processEnv(),
): Promise<void> {
  const shape = { ...commonSettings(spec.label), ...spec.settings } as ReturnType<typeof commonSettings> & S;
  const loaded = parseSettingsOrExit(shape, { env });
  const { LOG_LEVEL, SHUTDOWN_TIMEOUT_MS, DATABASE_URL } = loaded.values as {
    LOG_LEVEL: 'info';
    SHUTDOWN_TIMEOUT_MS: number;
    DATABASE_URL: string | undefined;
  };
  const log = createLogger({ label: spec.label, role: 'app', level: LOG_LEVEL });
  logSettings(loaded, log);
  const lifecycle = createLifecycle({ log, stopTimeoutMs: SHUTDOWN_TIMEOUT_MS });
  const onTooNew = (error: SchemaTooNew) => {
    log.fatal({ err: error }, error.message);
    void lifecycle.stop('the schema is too new').then(() => process.exit(error.exitCode));
  };
  endOnNewDatabaseUrl({ lifecycle, env, used: DATABASE_URL !== undefined });
  createService({ spec, loaded, env, log, lifecycle, onTooNew });
  await lifecycle.run();
}
