import { cpus } from 'node:os';
import { CORES } from '../cores.ts';

/** Who may use which core, and how many forwarders come back at once, each with so many events. */
export type Arrangement = {
  name: ArrangementName;
  what: string;
  hub: string;
  senders: string;
  forwarders: number;
  backlog: number;
};
export type ArrangementName = 'one' | 'seven' | 'shared';

const APART = { hub: CORES.measured, senders: CORES.load } as const;

/** Several, because a forwarder works for its events, too: on cores that it shares with A8, or with six others, that work is what is measured. */
export const ARRANGEMENTS: readonly Arrangement[] = [
  {
    name: 'one',
    what: 'one forwarder; A8 and its PostgreSQL have one core, whoever sends has the other: as on two machines',
    ...{ ...APART, forwarders: 1, backlog: 300_000 },
  },
  {
    name: 'seven',
    what: 'seven forwarders on that one other core',
    ...{ ...APART, forwarders: 7, backlog: 150_000 },
  },
  {
    name: 'shared',
    what: 'seven forwarders, and everybody shares both cores: as on a laptop',
    ...{ hub: 'any', senders: 'any', forwarders: 7, backlog: 40_000 },
  },
];

/** @throws Error for a name that is none, and where there is only one core to give */
export function arrangementsOf(only: string | undefined): Arrangement[] {
  const chosen = ARRANGEMENTS.filter(({ name }) => only === undefined || only === name);
  if (chosen.length === 0)
    throw new Error(`ONLY=${only}: known are ${ARRANGEMENTS.map(({ name }) => name).join(', ')}`);
  if (cpus().length < 2) throw new Error('two cores are needed: one for A8, one for those who send');
  return chosen;
}
