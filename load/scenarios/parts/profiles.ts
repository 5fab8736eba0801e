import type { Options, Scenario } from 'k6/options';

/** How much load, how it comes, and what it has to bear. Data: a new profile is a new entry and a file that names it. */
export interface Profile {
  /** What it is for. */
  about: string;
  arrivals: Constant | Ramping;
  /** Virtual users that wait from the start, and at most: about the rate times the seconds an iteration takes. */
  vus: { ready: number; most: number };
  bounds: Bounds;
}

export interface Constant {
  perSecond: number;
  seconds: number;
}

export interface Ramping {
  startPerSecond: number;
  stages: { perSecond: number; seconds: number }[];
}

interface Bounds {
  /** P95 of a write, ms. The user's bound is 150; a profile may ask for less. */
  writeP95Ms: number;
  /** Share of writes that may fail. */
  failures: number;
  /** Iterations that may not even start; undefined: as many as there are, which is what the profile looks for. */
  dropped?: number;
  /** End at the first breach of these bounds. */
  abort?: true;
}

/** What an iteration that still runs at the end is given: the longest look for a row, and then some. */
export const GRACE_SECONDS = 60;

/** The user's floor; what is lost is never bounded by more than 0. */
const USUAL: Bounds = { writeP95Ms: 150, failures: 0.001, dropped: 0 };

export const PROFILES = {
  smoke: {
    about: 'does it work at all: half a minute, five a second',
    arrivals: { perSecond: 5, seconds: 30 },
    vus: { ready: 50, most: 100 },
    bounds: USUAL,
  },
  average: {
    about: 'a usual hour, made short: two minutes at a hundred a second',
    arrivals: { perSecond: 100, seconds: 120 },
    vus: { ready: 50, most: 200 },
    bounds: { ...USUAL, writeP95Ms: 50 },
  },
  stress: {
    about: 'the busiest hour: up to five hundred a second, held for three minutes',
    arrivals: {
      startPerSecond: 50,
      stages: [
        { perSecond: 500, seconds: 60 },
        { perSecond: 500, seconds: 180 },
        { perSecond: 0, seconds: 30 },
      ],
    },
    vus: { ready: 200, most: 800 },
    bounds: USUAL,
  },
  soak: {
    about: 'does anything grow: two hours at fifty a second',
    arrivals: { perSecond: 50, seconds: 7200 },
    vus: { ready: 30, most: 200 },
    bounds: { ...USUAL, writeP95Ms: 50 },
  },
  spike: {
    about: 'a mailing went out: from twenty to six hundred a second within five seconds, and back',
    arrivals: {
      startPerSecond: 20,
      stages: [
        { perSecond: 20, seconds: 20 },
        { perSecond: 600, seconds: 5 },
        { perSecond: 600, seconds: 30 },
        { perSecond: 20, seconds: 5 },
        { perSecond: 20, seconds: 30 },
      ],
    },
    vus: { ready: 300, most: 1_000 },
    bounds: USUAL,
  },
  breakpoint: {
    about: 'how much is too much: more and more until a bound breaks. That it breaks is the result',
    arrivals: { startPerSecond: 50, stages: [{ perSecond: 5_000, seconds: 600 }] },
    vus: { ready: 300, most: 2_000 },
    bounds: { writeP95Ms: 150, failures: 0.001, abort: true },
  },
  outage: {
    about:
      'A8 goes away for a while and comes back (`make load` takes it away): nothing acknowledged is lost',
    arrivals: { perSecond: 50, seconds: 120 },
    vus: { ready: 100, most: 600 },
    // While A8 is away everything fails, and what waits for an answer holds its virtual user.
    bounds: { writeP95Ms: 30_000, failures: 1 },
  },
  webhook: {
    about: 'Stripe reports payments to A6: ten a second for a minute, each answered within 150 ms',
    arrivals: { perSecond: 10, seconds: 60 },
    // Each waits until its row has come through A6's outbox and forwarder.
    vus: { ready: 150, most: 400 },
    bounds: USUAL,
  },
} satisfies Record<string, Profile>;

/** The options of k6 for a profile. */
export function optionsOf(profile: Profile): Options {
  const { bounds } = profile;
  const bound = (threshold: string) =>
    bounds.abort === true ? { threshold, abortOnFail: true, delayAbortEval: '10s' } : threshold;
  return {
    scenarios: { main: scenarioOf(profile) },
    thresholds: {
      'http_req_duration{op:write}': [bound(`p(95)<${bounds.writeP95Ms}`)],
      'http_req_failed{op:write}': [bound(`rate<=${bounds.failures}`)],
      ...(bounds.dropped === undefined ? {} : { dropped_iterations: [`count<=${bounds.dropped}`] }),
      lost_events: ['count==0'],
    },
    summaryTrendStats: ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)', 'p(99)'],
  };
}

function scenarioOf({ arrivals, vus }: Profile): Scenario {
  const common = { preAllocatedVUs: vus.ready, maxVUs: vus.most, gracefulStop: `${GRACE_SECONDS}s` };
  if ('perSecond' in arrivals)
    return {
      ...{
        executor: 'constant-arrival-rate',
        rate: arrivals.perSecond,
        timeUnit: '1s',
        duration: `${arrivals.seconds}s`,
      },
      ...common,
    };
  return {
    ...{ executor: 'ramping-arrival-rate', startRate: arrivals.startPerSecond, timeUnit: '1s' },
    stages: arrivals.stages.map(({ perSecond, seconds }) => ({ target: perSecond, duration: `${seconds}s` })),
    ...common,
  };
}
