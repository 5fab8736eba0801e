import { HUB_LABEL } from '@scholar/contract';
import { systemClock } from '@scholar/runtime/clock';
import { logSettings, parseSettingsOrExit, processEnv } from '@scholar/runtime/config';
import { endOnNewDatabaseUrl } from '@scholar/runtime/db';
import { createLifecycle } from '@scholar/runtime/lifecycle';
import { createLogger } from '@scholar/runtime/log';
import { createHub } from './app.ts';
import { SETTINGS } from './settings.ts';

const settings = parseSettingsOrExit(SETTINGS);
const log = createLogger({ label: HUB_LABEL, role: 'hub', level: settings.values.LOG_LEVEL });
logSettings(settings, log);

const lifecycle = createLifecycle({ log, stopTimeoutMs: settings.values.SHUTDOWN_TIMEOUT_MS });
const hub = createHub({
  settings,
  env: processEnv(),
  clock: systemClock,
  log,
  onTooNew: (error) => {
    log.fatal({ reason: error.message }, 'the database schema is too new for this release');
    void lifecycle.stop('schema too new').then(() => process.exit(error.exitCode));
  },
});
endOnNewDatabaseUrl({ lifecycle, env: processEnv(), used: settings.values.DATABASE_URL !== undefined });
for (const [name, component] of hub.components) lifecycle.add(name, component);
await lifecycle.run();
