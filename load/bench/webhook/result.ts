import type { ResultHead } from '../command.ts';
import type { GoalResult } from '../goal.ts';

/** One rate, open model; ms from when a webhook was due to its answer. */
export type RateResult = {
  perSecond: number;
  answered: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  maxMs: number;
  /** Webhooks that found no free connection when they were due. */
  waited: number;
  cpuUs: number;
  foreignCpu: number;
};

export type BurstResult = {
  events: number;
  connections: number;
  deliveries: number;
  /** Answered, and not with 2xx. */
  refused: number;
  /** Not answered at all: the process was gone, or took longer than ten seconds. */
  unanswered: number;
  longestMs: number;
  /** Until the last one was answered 2xx. */
  tookMs: number;
};

export type WebhookResult = ResultHead & {
  plan: { providers: number; connections: number; warmMs: number; measureMs: number };
  /** Of the minute in which it ended: above the number of cores others ran, too, and its times are longer than its work. */
  loadAverage: number;
  rates: readonly RateResult[];
  burst: BurstResult;
  goals: Record<string, GoalResult>;
};

/** From the root of the checkout. */
export const RESULT = 'load/bench/results/webhook.json';
