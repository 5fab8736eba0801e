import type { Part } from '../goal.ts';
import { median, medianDeviation } from '../statistics.ts';
import { ARRANGEMENTS, type Arrangement } from './arrangements.ts';
import type { Round } from './round.ts';

/** Pure. Each arrangement against the bounds of G13; nothing for one that was not measured. */
export function judgeRecovery(rounds: readonly Round[]): Record<string, Part> {
  return Object.assign({}, ...ARRANGEMENTS.map((each) => partsOf(each, rounds)));
}

function partsOf({ name, what }: Arrangement, all: readonly Round[]): Record<string, Part> {
  const rounds = all.filter(({ arrangement }) => arrangement === name);
  if (rounds.length === 0) return {};
  const ratios = rounds.map(ratioOf);
  return {
    [`G13_${name}`]: {
      what: "events a second out of a backlog : A8's rate without forwarders",
      ...{ value: median(ratios), deviation: medianDeviation(ratios), unit: 'x', better: 'more' },
      ...{ floor: 0.6, goal: 0.9, moonshot: 0.95, note: what },
    },
    [`G13_${name}_live`]: {
      what: "P95 of live events meanwhile, from the application's call to the committed row",
      value: Math.max(...rounds.map(({ drained }) => drained.live.p95Ms)),
      ...{ unit: 'ms', better: 'less', goal: 150, note: 'of the worst round' },
    },
    [`G13_${name}_lost`]: {
      what: 'events that a forwarder acknowledged and that are no row',
      value: rounds.reduce((sum, { drained }) => sum + drained.lost, 0),
      ...{ unit: 'events', better: 'less', goal: 0 },
    },
  };
}

/** What flows out of the backlogs, against what A8 took of the same number of events. */
export function ratioOf({ alone, drained }: Round): number {
  return drained.perSecond / alone.perSecond;
}
