import { APP_LABELS, ENVIRONMENTS, MOST_DRILL_EVENTS } from '@scholar/contract';
import { z } from 'zod';
import { baseUrl, duration, listMap, objectName, secretKey, withRules } from './fields.ts';

export const REMEDIES = ['Observe', 'Repair'] as const;

const workload = z
  .strictObject({
    kind: z.enum(['Deployment', 'StatefulSet']).describe('Kind of the workload.'),
    name: objectName.describe('Its name, in the namespace of this TruthTable.'),
  })
  .describe('What runs it.');

const requiredSecret = z.strictObject({
  setting: z
    .string()
    .max(64)
    .regex(/^[A-Z][A-Z0-9_]*$/)
    .describe('The setting that the process must have, e.g. A8_KEY.'),
  source: z
    .strictObject({
      kind: z
        .enum(['Secret', 'SealedSecret'])
        .default('Secret')
        .describe('Who owns the value. What a SealedSecret owns is never written, only reported.'),
      name: objectName.describe('Name of the Secret or SealedSecret.'),
      key: secretKey.optional().describe('Key within it; the name of the setting when left out.'),
    })
    .describe('Where the value comes from.'),
});

const app = z.strictObject({
  label: z.enum(APP_LABELS).describe('The x-app-label; each at most once.'),
  workload,
  url: baseUrl.describe('Base address of its public listener, as seen from the operator.'),
  secrets: listMap(z.array(requiredSecret).max(16), 'setting')
    .default([])
    .describe('Secrets that it cannot work without.'),
  minimumEventsPerHour: z
    .int()
    .min(0)
    .max(3_600_000)
    .default(0)
    .describe(
      'Fewer real events than this in an hour are a reason to send a canary at once; 0 = silence is normal.',
    ),
});

const hub = z
  .strictObject({
    workload,
    url: baseUrl.describe('Base address of A8, without /events.'),
    database: z
      .strictObject({
        name: objectName.describe('Name of the Secret.'),
        key: secretKey.default('DATABASE_URL').describe('Key of the connection URL within it.'),
      })
      .optional()
      .describe(
        'Secret with the PostgreSQL URL by which rows are read back, for a role that may read and no more; left out, what A8 itself is given.',
      ),
  })
  .describe('A8 and its database.');

const repair = z
  .strictObject({
    maxPerHour: z
      .int()
      .min(1)
      .max(60)
      .default(6)
      .describe('Most remedies in an hour, all apps together. Beyond it findings are reported only.'),
    approvedBy: z
      .string()
      .min(1)
      .max(128)
      .optional()
      .describe('Who answers for repairs in production; needed there.'),
  })
  .describe('Bounds of `remedy: Repair`.');

const drill = z
  .strictObject({
    every: duration('10m', '576h').describe('Time between two drills.'),
    app: z.enum(APP_LABELS).default('scholar_auth').describe('In whose name; one of the apps.'),
    events: z
      .int()
      .min(1)
      .max(MOST_DRILL_EVENTS)
      .default(100)
      .describe('Events that wait out the outage. A8 keeps their rows, as simulated ones.'),
  })
  .describe('Outage drills on a forwarder of their own (docs/drills.md); none when left out.');

/** Where the definition in the cluster is older than the operator. */
export const DEFAULT_GUARDS = { every: '5m' } as const;

const guards = z
  .strictObject({
    every: duration('1m', '24h')
      .default(DEFAULT_GUARDS.every)
      .describe('Time between two tries; each is eight requests to A8, all of them canaries.'),
  })
  .describe('Whether A8 refuses what it must refuse, tried with one request for each guard.');

/** `spec` of a TruthTable: what is looked at, how often, and what may be done about it. */
export const specSchema = withRules(
  z
    .strictObject({
      environment: withRules(z.enum(ENVIRONMENTS), {
        rule: 'self == oldSelf',
        message: 'cannot change: evidence of one environment is none of the other; make another TruthTable',
      }).describe('Simulations are played in staging only.'),
      hub,
      apps: listMap(z.array(app).min(1).max(APP_LABELS.length), 'label').describe('The applications.'),
      remedy: z
        .enum(REMEDIES)
        .default('Observe')
        .describe('Observe reports; Repair also sets back what drifted, and proves it by an event.'),
      repair: repair.optional(),
      canaryInterval: duration('15s', '1h')
        .default('1m')
        .describe('Time between two canaries of one app. Evidence older than two intervals is unknown.'),
      latencyBound: duration('1ms', '10s')
        .default('150ms')
        .describe('Bound of the P95 of writes to A8; above it a row is red.'),
      guards: guards.default(DEFAULT_GUARDS),
      drill: drill.optional(),
    })
    .describe('What is looked at, how often, and what may be done about it.'),
  {
    rule: "self.environment != 'production' || self.remedy != 'Repair' || (has(self.repair) && has(self.repair.approvedBy))",
    message: 'remedy Repair in production needs repair.approvedBy: who answers for it',
  },
  {
    rule: 'self.apps.all(app, app.url != self.hub.url)',
    message: "an app cannot have the hub's url",
  },
  {
    rule: '!has(self.drill) || self.apps.exists(app, app.label == self.drill.app)',
    message: 'drill.app must be one of apps',
  },
);

export type TruthTableSpec = z.infer<typeof specSchema>;
