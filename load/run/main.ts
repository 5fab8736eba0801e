/**
 * `make load PROFILE=smoke`: plays a script of load/scenarios by k6, or by our runner where there is none, against A8_URL or the
 * system of this machine, which is started when it does not run. Writes report.html and summary.json, and one line as a verdict. Exits 0
 * when every bound held and every acknowledged event is a row, 1 else, 2 when it could not run.
 *
 * ENGINE=k6|runner   LASTS=<seconds>   WRITE_P95_MS=<bound>   A8_URL, A8_KEY, A8_READ_KEY, DATABASE_URL; for PROFILE=webhook also A6_URL, STRIPE_WEBHOOK_SECRET, CANARY_KEY   OUT=<folder> (default load/out)   STATE, PORT_BASE   METRICS_PORT   RUN_ID   POINTS=<file for each sample>
 * OUTCOME=1 also prints everything that was seen, as one line for whoever started it elsewhere (load/run/cluster)
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { processEnv } from '@scholar/runtime/config';
import { runIdOf } from '../scenarios/parts/event-id-of.ts';
import { compareIds } from './compare.ts';
import { chooseEngine, play } from './engine.ts';
import { idsOfRun } from './ids.ts';
import { knownProfile } from './known-profile.ts';
import { takeAway } from './outage.ts';
import { rowsOf } from './rows.ts';
import { metricValue, summarySchema } from './summary.ts';
import { findTarget, type Target } from './target.ts';
import { OUTCOME_LINE, type Outcome } from './verdict.ts';
import { writeReport } from './write-report.ts';

const SCENARIOS = join(import.meta.dirname, '..', 'scenarios');
const COULD_NOT_RUN = 2;

const env = processEnv();
const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = COULD_NOT_RUN;
}

async function main(): Promise<boolean> {
  const profile = knownProfile(env['PROFILE'] ?? 'smoke');
  const out = resolve(env['OUT'] ?? join(import.meta.dirname, '..', 'out'));
  mkdirSync(out, { recursive: true });
  const target = await findTarget(env, stop.signal);
  try {
    const outcome = await played(profile, target, join(out, 'summary.json'));
    if (env['OUTCOME']) console.log(OUTCOME_LINE + JSON.stringify(outcome));
    return writeReport(outcome, out);
  } finally {
    await target.end();
  }
}

async function played(profile: string, target: Target, summaryFile: string): Promise<Outcome> {
  const engine = chooseEngine(env);
  const run = runIdOf(env['RUN_ID'] || randomBytes(6).toString('hex'));
  const settings = {
    A8_URL: target.url,
    A8_KEY: target.key,
    A8_READ_KEY: target.readKey,
    RUN_ID: run,
    ...target.payments,
  };
  const outage = new AbortController();
  const away = profile === 'outage' ? takeAway(target, AbortSignal.any([stop.signal, outage.signal])) : 0;
  console.error(`Run ${run} of ${profile} by ${engine.name}, against ${target.url} …`);
  const { code, notAcknowledged } = await play(engine, {
    ...{ script: join(SCENARIOS, `${profile}.ts`), signal: stop.signal },
    env: { ...settings, SUMMARY: summaryFile },
  });
  outage.abort();
  const summary = summarySchema.parse(JSON.parse(readFileSync(summaryFile, 'utf8')));
  const started = metricValue(summary, 'iterations', 'count');
  const ids = idsOfRun({ profile, run, count: started, canaryKey: target.payments.CANARY_KEY });
  const rows = target.databaseUrl === undefined ? undefined : await rowsOf(target.databaseUrl, ids);
  const comparison =
    rows &&
    compareIds({ ids, notAcknowledged, rows, counted: metricValue(summary, 'acknowledged_events', 'count') });
  return { profile, engine: engine.name, code, summary, comparison, kills: await away };
}
