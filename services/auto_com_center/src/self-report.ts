import { type Environment, HUB_LABEL } from '@scholar/contract';
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
export function collectGauges(
  { metrics, ingest, keys, schema, verdicts }: Parts,
  { clock, environment }: { clock: Clock; environment: Environment },
): void {
  metrics.collect(() => {
    metrics.gauge('a8_queue_depth').set(ingest.batcher.depth);
    metrics.gauge('a8_database_up').set(schema.inPlace ? 1 : 0);
    metrics.gauge('a8_key_files_bad').set(keys.bad.length);
    metrics.gauge('a8_verdict_age_seconds').set(verdicts.ageS());
    metrics.gauge('a8_verdict_stale').set(verdicts.stale() ? 1 : 0);
    tellVerdicts({ metrics, verdicts }, environment);
    for (const role of ROLES)
      metrics.gauge('a8_keys').labels({ role }).set(keys.ring.valid(role, clock.now()).length);
  });
}

const VERDICT_VALUES = { green: 1, red: 0, unknown: -1 } as const;

/** What an alarm outside of the operator is made of. Nothing is told of a table that A8 has not looked at yet. */
function tellVerdicts(
  { metrics, verdicts }: Pick<Parts, 'metrics' | 'verdicts'>,
  environment: Environment,
): void {
  const [period, counts] = [verdicts.periodS(), verdicts.counts()];
  if (period === undefined || counts === undefined) return;
  metrics.gauge('a8_heartbeat_age_seconds').labels({ environment }).set(verdicts.heartbeatAgeS());
  metrics.gauge('a8_heartbeat_period_seconds').labels({ environment }).set(period);
  for (const [verdict, rows] of Object.entries(counts))
    metrics.gauge('a8_verdict_rows').labels({ environment, verdict }).set(rows);
  for (const { label: app, verdict } of verdicts.rows())
    metrics.gauge('a8_app_verdict').labels({ environment, app }).set(VERDICT_VALUES[verdict]);
}
