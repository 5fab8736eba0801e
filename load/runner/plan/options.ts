import { z } from 'zod';
import { constantArrivals, type Ramp, rampingArrivals } from './arrivals.ts';
import { durationMs } from './duration.ts';

/**
 * The options of a script, as far as our scripts use those of k6 (k6's documentation, "Options reference"). What is not
 * listed is refused, so that nobody believes that it was heeded.
 */
const duration = z.union([z.string(), z.number()]).transform((value, context) => {
  try {
    return durationMs(value);
  } catch (error) {
    context.addIssue((error as Error).message);
    return z.NEVER;
  }
});

const common = {
  exec: z.string().default('default'),
  startTime: duration.default(0),
  gracefulStop: duration.default(30_000),
  env: z.record(z.string(), z.string()).default({}),
  tags: z.record(z.string(), z.string()).default({}),
  timeUnit: duration.default(1_000),
  preAllocatedVUs: z.int().min(1),
  maxVUs: z.int().min(1).optional(),
};

const scenario = z.discriminatedUnion('executor', [
  z.strictObject({
    executor: z.literal('constant-arrival-rate'),
    rate: z.number().positive(),
    duration,
    ...common,
  }),
  z.strictObject({
    executor: z.literal('ramping-arrival-rate'),
    startRate: z.number().min(0).default(0),
    stages: z.array(z.strictObject({ target: z.number().min(0), duration })).min(1),
    ...common,
  }),
]);

const threshold = z.union([
  z.string(),
  z.strictObject({
    threshold: z.string(),
    abortOnFail: z.boolean().optional(),
    delayAbortEval: z.union([z.string(), z.number()]).optional(),
  }),
]);

const DEFAULT_TREND_STATS = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'];

const options = z.strictObject({
  scenarios: z.record(z.string(), scenario).default({}),
  thresholds: z
    .record(z.string(), z.union([z.array(threshold), threshold.transform((one) => [one])]))
    .default({}),
  summaryTrendStats: z.array(z.string()).default(DEFAULT_TREND_STATS),
  setupTimeout: duration.default(60_000),
  teardownTimeout: duration.default(60_000),
  tags: z.record(z.string(), z.string()).default({}),
  discardResponseBodies: z.boolean().default(false),
  userAgent: z.string().optional(),
});

export type Options = z.output<typeof options>;
export type ScenarioOptions = z.output<typeof scenario>;

/** @throws Error that names each option that is wrong, or that this runner does not know */
export function parseOptions(given: unknown): Options {
  const parsed = options.safeParse(given ?? {});
  if (parsed.success) return parsed.data;
  const why = parsed.error.issues.map(({ path, message }) => `  ${path.join('.') || 'options'}: ${message}`);
  throw new Error(`the options of the script cannot be used:\n${why.join('\n')}`);
}

/** One scenario, ready to run. */
export interface Plan {
  name: string;
  options: ScenarioOptions;
  maxVus: number;
  durationMs: number;
  /** Start of each iteration, ms after the start of the scenario. */
  arrivals: () => Generator<number>;
}

export function planOf(name: string, of: ScenarioOptions): Plan {
  const maxVus = of.maxVUs ?? of.preAllocatedVUs;
  if (maxVus < of.preAllocatedVUs) throw new Error(`scenario ${name}: maxVUs is less than preAllocatedVUs`);
  if (of.executor === 'constant-arrival-rate') {
    const arrivals = () => constantArrivals(of.rate / of.timeUnit, of.duration);
    return { name, options: of, maxVus, durationMs: of.duration, arrivals };
  }
  const ramps = rampsOf(of);
  const total = ramps.reduce((sum, ramp) => sum + ramp.durationMs, 0);
  return { name, options: of, maxVus, durationMs: total, arrivals: () => rampingArrivals(ramps) };
}

function rampsOf(of: Extract<ScenarioOptions, { executor: 'ramping-arrival-rate' }>): Ramp[] {
  let from = of.startRate / of.timeUnit;
  return of.stages.map(({ target, duration: ms }) => {
    const ramp = { from, to: target / of.timeUnit, durationMs: ms };
    from = ramp.to;
    return ramp;
  });
}
