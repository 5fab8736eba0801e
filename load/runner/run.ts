import { Checks } from './checks.ts';
import { at, type Place, type Run } from './context.ts';
import { ArrivalRateExecutor } from './executor.ts';
import { Metrics, type OnSample } from './metrics/registry.ts';
import {
  bindThresholds,
  judgeThreshold,
  type Threshold,
  type ThresholdVerdict,
} from './metrics/thresholds.ts';
import { durationMs } from './plan/duration.ts';
import { type Options, type Plan, parseOptions, planOf } from './plan/options.ts';
import { loadScript, type Script, type ScriptFunction } from './script.ts';
import { type Summary, summarize } from './summary.ts';
import { Vu } from './vu.ts';

/** k6's exit codes, as far as we can end so (k6's documentation, "Exit codes"). */
export const EXIT = {
  ok: 0,
  thresholds: 99,
  setupTimeout: 100,
  teardownTimeout: 101,
  config: 104,
  externalAbort: 105,
  scriptException: 107,
  scriptAborted: 108,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends a run with a code of its own. */
export class RunFailure extends Error {
  readonly code: ExitCode;

  constructor(code: ExitCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

export interface Finished {
  code: ExitCode;
  summary: Summary;
  verdicts: readonly ThresholdVerdict[];
  /** What the script's `handleSummary` wants written, by name of the file; undefined when it has none. */
  output: Readonly<Record<string, string>> | undefined;
}

/** How often thresholds with abortOnFail, and the gauge of VUs, are looked at. k6 does so every two seconds. */
const LOOK_EVERY_MS = 1_000;
const INIT_VU = 0;

/**
 * Runs a script from its first line to `handleSummary`.
 * @param o.signal ends it early, as Ctrl-C does with k6
 * @throws RunFailure when the script cannot be loaded, or its options cannot be used
 */
export async function runScript(o: {
  path: string;
  signal: AbortSignal;
  complain: (error: unknown) => void;
  tty: { stdout: boolean; stderr: boolean };
  onStart?: (run: Run) => void;
  /** Samples are kept by their tags, too, for whoever scrapes. */
  keepsSeries?: boolean;
  onSample?: OnSample | undefined;
}): Promise<Finished> {
  const stop = new AbortController();
  const ended: { code: ExitCode } = { code: EXIT.ok };
  const end = (code: ExitCode): void => {
    if (stop.signal.aborted) return;
    ended.code = code;
    stop.abort();
  };
  o.signal.addEventListener('abort', () => end(EXIT.externalAbort), { once: true });
  const run = newRun(new Metrics({ keepsSeries: o.keepsSeries ?? false, onSample: o.onSample }), () =>
    end(EXIT.scriptAborted),
  );
  const script = await loaded(run, o.path);
  const { options, plans, thresholds } = prepared(run, script);
  Object.assign(run, { userAgent: options.userAgent, discardResponseBodies: options.discardResponseBodies });
  o.onStart?.(run);
  const data = await staged(run, script, {
    name: 'setup',
    limitMs: options.setupTimeout,
    code: EXIT.setupTimeout,
  });

  let nextVu = 0;
  const vu = () => Vu.create(run, o.path, ++nextVu);
  const shared = { run, data, vu, tags: options.tags, signal: stop.signal, complain: o.complain };
  const executors = plans.map((plan) => new ArrivalRateExecutor({ ...shared, plan }));
  for (const executor of executors) await executor.allocate();
  run.startedMs = performance.now();
  const watch = setInterval(() => look(run, thresholds, () => end(EXIT.thresholds)), LOOK_EVERY_MS);
  await Promise.all(executors.map((executor) => executor.execute()));
  clearInterval(watch);
  look(run, [], () => undefined);
  const elapsedMs = performance.now() - run.startedMs;

  await staged(run, script, {
    ...{ name: 'teardown', limitMs: options.teardownTimeout, code: EXIT.teardownTimeout, data },
  });
  const verdicts = thresholds.map((threshold) => judgeThreshold(threshold, elapsedMs / 1000));
  const { metrics, checks } = run;
  const trendStats = options.summaryTrendStats;
  const summary = summarize({ metrics, checks, verdicts, trendStats, durationMs: elapsedMs, tty: o.tty });
  const failed = verdicts.some(({ ok }) => !ok);
  const code = ended.code === EXIT.ok && failed ? EXIT.thresholds : ended.code;
  return { code, summary, verdicts, output: await outputOf(script, summary) };
}

function newRun(metrics: Metrics, abort: () => void): Run {
  return {
    ...{ metrics, checks: new Checks(), shared: new Map(), userAgent: undefined },
    ...{ discardResponseBodies: false, startedMs: performance.now(), completed: 0, interrupted: 0 },
    ...{ activeVus: 0, initializedVus: 0, abort },
  };
}

async function loaded(run: Run, path: string): Promise<Script> {
  try {
    return await loadScript(run, path, INIT_VU);
  } catch (error) {
    throw new RunFailure(
      EXIT.scriptException,
      `the script cannot be loaded: ${(error as Error).message}`,
      error,
    );
  }
}

function prepared(run: Run, script: Script): { options: Options; plans: Plan[]; thresholds: Threshold[] } {
  try {
    const options = parseOptions(script['options']);
    const plans = Object.entries(options.scenarios).map(([name, scenario]) => planOf(name, scenario));
    if (plans.length === 0) throw new Error('the script has no scenarios: this runner has no default one');
    for (const {
      name,
      options: { exec },
    } of plans) {
      if (typeof script[exec] !== 'function')
        throw new Error(`scenario ${name}: the script exports no function ${exec}`);
    }
    const thresholds = bindThresholds(options.thresholds, { metrics: run.metrics, durationMs });
    return { options, plans, thresholds };
  } catch (error) {
    throw new RunFailure(EXIT.config, (error as Error).message);
  }
}

/** setup or teardown, when the script has it. @throws RunFailure when it fails, or takes too long */
async function staged(
  run: Run,
  script: Script,
  o: { name: 'setup' | 'teardown'; limitMs: number; code: ExitCode; data?: unknown },
): Promise<unknown> {
  const stage = script[o.name];
  if (typeof stage !== 'function') return undefined;
  const vu = { id: INIT_VU, iteration: 0, iterationInScenario: 0, tags: {} };
  const place: Place = { run, vu, scenario: undefined, tags: {}, group: `::${o.name}`, pending: new Set() };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const why = `${o.name} took longer than ${o.limitMs} ms`;
    timer = setTimeout(() => reject(new RunFailure(o.code, why)), o.limitMs);
  });
  try {
    return await Promise.race([at(place, async () => (stage as ScriptFunction)(o.data)), late]);
  } catch (error) {
    if (error instanceof RunFailure) throw error;
    throw new RunFailure(EXIT.scriptException, `${o.name} failed: ${(error as Error).message}`, error);
  } finally {
    clearTimeout(timer);
  }
}

function look(run: Run, thresholds: readonly Threshold[], abort: () => void): void {
  run.metrics.add('vus', run.activeVus, {});
  run.metrics.add('vus_max', run.initializedVus, {});
  const elapsedMs = performance.now() - run.startedMs;
  const due = thresholds.filter(({ abortOnFail, delayMs }) => abortOnFail && elapsedMs >= delayMs);
  if (due.some((threshold) => !judgeThreshold(threshold, elapsedMs / 1000).ok)) abort();
}

async function outputOf(script: Script, summary: Summary): Promise<Record<string, string> | undefined> {
  const handle = script['handleSummary'];
  if (typeof handle !== 'function') return undefined;
  try {
    const output: unknown = await (handle as ScriptFunction)(summary);
    return Object.fromEntries(Object.entries(Object(output)).map(([name, text]) => [name, String(text)]));
  } catch (error) {
    throw new RunFailure(EXIT.scriptException, `handleSummary failed: ${(error as Error).message}`, error);
  }
}
