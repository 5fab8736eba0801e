import { figure, percentOf, table, whole } from '../markdown.ts';
import { goalsTable } from '../render-goals.ts';
import type { BurstResult, RateResult, WebhookResult } from './result.ts';

const NOTHING = 'No figures yet: `make bench-webhook` writes them.';

/** The generated sections of docs/BENCHMARKS_WEBHOOK.md. Pure. Without a result they say so. */
export function renderSections(result: WebhookResult | undefined): Record<string, string> {
  if (result === undefined) return { machine: NOTHING, goals: NOTHING, rates: NOTHING, burst: NOTHING };
  return {
    machine: machineOf(result),
    goals: goalsTable(result.goals).trim(),
    rates: rates(result.rates),
    burst: burst(result.burst),
  };
}

function machineOf({ machine, at, versions, plan, loadAverage }: WebhookResult): string {
  return (
    `${at.slice(0, 10)}, ${machine.cores} cores of ${machine.model}, Node ${machine.node}, PostgreSQL ${versions['PostgreSQL']}. ` +
    `${plan.providers} providers, ${plan.connections} connections, ${figure(plan.measureMs / 1_000)} s a rate. ` +
    `Load average ${figure(loadAverage)}${loadAverage > machine.cores ? ': others ran, too, and the times below hold their part' : ''}.`
  );
}

function rates(all: readonly RateResult[]): string {
  return table(
    [
      'webhooks a second',
      'answered',
      'P50 ms',
      'P95 ms',
      'P99 ms',
      'longest ms',
      'found no connection',
      'CPU of A6 us',
      'others used',
    ],
    all.map((one) => [
      whole(one.perSecond),
      whole(one.answered),
      ...[one.p50Ms, one.p95Ms, one.p99Ms, one.maxMs].map(figure),
      ...[whole(one.waited), figure(one.cpuUs), percentOf(one.foreignCpu)],
    ]),
  );
}

function burst(seen: BurstResult): string {
  return table(
    [
      'events at once',
      'connections',
      'deliveries',
      'refused',
      'unanswered',
      'longest answer ms',
      'all taken after s',
    ],
    [
      [
        ...[seen.events, seen.connections, seen.deliveries, seen.refused, seen.unanswered].map(whole),
        figure(seen.longestMs),
        figure(seen.tookMs / 1_000),
      ],
    ],
  );
}
