import { ENVIRONMENTS } from '@scholar/contract';
import { defineSettings, setting } from '@scholar/runtime/config';
import { LOG_LEVELS } from '@scholar/runtime/log';

/** What the operator reads from its environment. */
export const OPERATOR_SETTINGS = defineSettings({
  ENVIRONMENT: setting.oneOf({
    description: 'Where the operator itself runs; each TruthTable names its own.',
    values: ENVIRONMENTS,
    default: 'staging',
  }),
  WATCH_NAMESPACE: setting.string({
    description: 'The one namespace whose TruthTables are looked after; every namespace when unset.',
    optional: true,
  }),
  POD_NAMESPACE: setting.string({ description: 'Where the Lease lies.', default: 'default' }),
  POD_NAME: setting.string({
    description: 'Who holds the Lease; must be unique. The host name when unset.',
    optional: true,
  }),
  INSTANCE: setting.string({
    description:
      'Name of the release, the label app.kubernetes.io/instance of the Lease. Not labelled when unset.',
    optional: true,
  }),
  TABLE_FILE: setting.string({
    description: 'A TruthTable to keep in place: name and spec, as YAML or JSON. None when unset.',
    optional: true,
  }),
  LEADER_ELECTION: setting.boolean({
    description: 'Lead only with the Lease. Without it there must never be a second operator.',
    default: true,
  }),
  WORKERS: setting.int({
    description: 'TruthTables that are worked on at once.',
    default: 4,
    min: 1,
    max: 64,
  }),
  PASS_TIMEOUT_MS: setting.duration({
    description: 'The most one reconciliation may take.',
    default: 120_000,
  }),
  OPS_HOST: setting.string({ description: 'Address of the ops listener.', default: '0.0.0.0' }),
  OPS_PORT: setting.int({ description: 'Port of the ops listener.', default: 9464, min: 0, max: 65_535 }),
  LOG_LEVEL: setting.oneOf({ description: 'What is logged.', values: LOG_LEVELS, default: 'info' }),
  SHUTDOWN_TIMEOUT_MS: setting.duration({ description: 'The most a stop may take.', default: 25_000 }),
});
