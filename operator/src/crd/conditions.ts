import { z } from 'zod';
import { instant } from './fields.ts';

export const CONDITION_TYPES = ['Ready', 'Progressing', 'Degraded'] as const;
export type ConditionType = (typeof CONDITION_TYPES)[number];
export type ConditionStatus = 'True' | 'False' | 'Unknown';

type Reason = { status: ConditionStatus; meaning: string };

/** Every reason that a condition can have. They are an interface: people alert on them, docs/truthtable.md is made of them. */
export const REASONS = {
  Ready: {
    Pending: { status: 'Unknown', meaning: 'The operator has not looked yet.' },
    AllGreen: { status: 'True', meaning: 'Every row is green, by evidence that has not expired.' },
    RowRed: { status: 'False', meaning: 'At least one row is red; the message names it.' },
    RowUnknown: { status: 'Unknown', meaning: 'No row is red, and at least one could not be looked at.' },
    EvidenceExpired: { status: 'Unknown', meaning: 'The evidence is older than two canary intervals.' },
    SpecUnusable: { status: 'False', meaning: 'What the spec names is not there; the message says what.' },
  },
  Progressing: {
    Pending: { status: 'Unknown', meaning: 'The operator has not looked yet.' },
    Verifying: { status: 'True', meaning: 'The first verification of this generation is under way.' },
    Repairing: {
      status: 'True',
      meaning: 'A remedy is applied next; until it is proven nothing else is repaired.',
    },
    Settled: { status: 'False', meaning: 'Nothing is under way but the regular canaries.' },
  },
  Degraded: {
    Pending: { status: 'Unknown', meaning: 'The operator has not looked yet.' },
    AsExpected: { status: 'False', meaning: 'Nothing drifted that a person must act on.' },
    RowRed: { status: 'True', meaning: 'A row is red.' },
    HubUnreachable: {
      status: 'True',
      meaning: 'A8 or its database cannot be asked, so no row can be green.',
    },
    GuardBroken: {
      status: 'True',
      meaning:
        'A8 takes what it must refuse, or refuses otherwise than documented; the message names the finding.',
    },
    RepairFailed: {
      status: 'True',
      meaning: 'A remedy was applied and no event proved it; it was taken back.',
    },
    RepairsExhausted: { status: 'True', meaning: 'repair.maxPerHour is used up and a finding is open.' },
    SpecUnusable: { status: 'True', meaning: 'What the spec names is not there; the message says what.' },
  },
} as const satisfies Record<ConditionType, Record<string, Reason>>;

export type ReasonOf<T extends ConditionType> = keyof (typeof REASONS)[T] & string;

export const conditionSchema = z.strictObject({
  type: z
    .string()
    .max(316)
    .regex(/^[A-Za-z]+$/)
    .describe('Ready, Progressing or Degraded.'),
  status: z.enum(['True', 'False', 'Unknown']).describe('Whether it holds.'),
  observedGeneration: z.int().min(0).optional().describe('The generation that it speaks of.'),
  lastTransitionTime: instant.describe('When the status last changed.'),
  reason: z
    .string()
    .min(1)
    .max(1024)
    .regex(/^[A-Za-z]+$/)
    .describe('One word for machines.'),
  message: z.string().max(32_768).describe('A sentence for people.'),
});

export type Condition = z.infer<typeof conditionSchema>;

/** What a condition is to be; its status follows from its reason. */
export type Wanted = {
  [T in ConditionType]: { type: T; reason: ReasonOf<T>; message: string };
}[ConditionType];

/**
 * Pure: the conditions after a pass. The time of a transition is kept while the status stays, as `kubectl wait` and
 * alerts on age expect.
 * @param options.at RFC 3339, the time of this pass.
 */
export function withConditions(
  before: readonly Condition[],
  wanted: readonly Wanted[],
  options: { observedGeneration: number; at: string },
): Condition[] {
  const set = wanted.map(({ type, reason, message }): Condition => {
    const reasons: Readonly<Record<string, Reason>> = REASONS[type];
    const status = reasons[reason]?.status ?? 'Unknown';
    const old = before.find((each) => each.type === type);
    const lastTransitionTime = old?.status === status ? old.lastTransitionTime : options.at;
    return {
      type,
      status,
      observedGeneration: options.observedGeneration,
      lastTransitionTime,
      reason,
      message,
    };
  });
  const kept = before.filter(({ type }) => !set.some((each) => each.type === type));
  return [...kept, ...set].toSorted((a, b) => rank(a.type) - rank(b.type) || (a.type < b.type ? -1 : 1));
}

function rank(type: string): number {
  const known: readonly string[] = CONDITION_TYPES;
  const at = known.indexOf(type);
  return at === -1 ? CONDITION_TYPES.length : at;
}
