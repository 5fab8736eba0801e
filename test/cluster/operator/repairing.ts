import { SWIFT } from '../harness/swift.ts';
import { UNHURRIED } from '../harness/table.ts';

/** Values of a trial whose operator repairs: one leads, one waits. */
export const REPAIRING = {
  'operator.replicas': 2,
  'operator.table.remedy': 'Repair',
  'operator.table.canaryInterval': '15s',
  'operator.table.repair.maxPerHour': 20,
  ...UNHURRIED,
  ...SWIFT,
  'operator.table.secrets.scholarship_api': [
    { setting: 'STRIPE_SECRET_KEY', source: { name: 'vault', key: 'stripe' } },
  ],
};
