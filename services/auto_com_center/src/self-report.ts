import { HUB_LABEL } from '@scholar/contract';
import type { Clock } from '@scholar/runtime/clock';
import { createHealth, type Health } from '@scholar/runtime/health';
import { createRunning, type Running } from '@scholar/runtime/running';
import { checkDurability } from './database/durability.ts';
import type { KeyRole } from './keys/key-ring.ts';
import type { HubDeps, Parts } from './parts.ts';

/** Ready means that an event sent now would become a row that survives a crash. */
export function createHubHealth({ clock }: HubDeps, { pools, schema, keys }: Parts): Health {
  const health = createHealth({ timeoutMs: 2_500 });
  health.check('database', async () => {
    await pools.operations.query('SELECT 1');
  });
  health.check('durability', () => checkDurability(pools.operations));
  health.check('schema', () => schema.check());
  health.check('key_ring', () => {
    if (keys.ring.valid('emit', clock.now()).length > 0) return;
    throw new Error('No key may emit: put a ring entry of the role "emit" into A8_KEYS_DIR.');
  });
  return health;
}

/** The /running document: what this process really uses. The canary key is re-read, so it is overlaid. */
export function createHubRunning(deps: HubDeps, { keys, canaryKey }: Parts): () => Running {
  const { settings, clock } = deps;
  const { ENVIRONMENT: environment } = settings.values;
  return createRunning({
    ...{ label: HUB_LABEL, role: 'hub', environment, settings },
    now: () => {
      const fingerprint = canaryKey.fingerprint();
      const source = fingerprint === undefined ? 'unset' : canaryKey.source;
      const canary = { set: fingerprint !== undefined, source, ...(fingerprint && { fingerprint }) };
      const problem = canaryKey.problem();
      return {
        settings: { CANARY_KEY: canary },
        missing: [
          ...settings.missing.filter((key) => key !== 'CANARY_KEY'),
          ...(fingerprint === undefined ? ['CANARY_KEY'] : []),
        ],
        findings: [...settings.findings, ...(problem ? [problem] : []), ...keys.findings(clock.now())],
      };
    },
  });
}

const ROLES: readonly KeyRole[] = ['emit', 'operations', 'read'];

/** Gauges that are looked up at each scrape; none of them asks the database. */
export function collectGauges({ metrics, ingest, keys, schema, verdicts }: Parts, clock: Clock): void {
  metrics.collect(() => {
    metrics.gauge('a8_queue_depth').set(ingest.batcher.depth);
    metrics.gauge('a8_database_up').set(schema.inPlace ? 1 : 0);
    metrics.gauge('a8_key_files_bad').set(keys.bad.length);
    metrics.gauge('a8_verdict_age_seconds').set(verdicts.ageS());
    metrics.gauge('a8_verdict_stale').set(verdicts.stale() ? 1 : 0);
    for (const role of ROLES)
      metrics.gauge('a8_keys').labels({ role }).set(keys.ring.valid(role, clock.now()).length);
  });
}
