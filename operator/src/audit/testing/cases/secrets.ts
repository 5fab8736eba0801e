import type { DriftCode } from '../../drifts/drifts.ts';
import type { AuditCase } from '../audit-case.ts';
import { appOf, fingerprint, told } from '../healthy-snapshot.ts';

const NAMED: readonly (readonly [string, DriftCode])[] = [
  ['STRIPE_WEBHOOK_SECRET', 'stripe_webhook_secret_missing'],
  ['EMAIL_HASH_KEY', 'email_hash_key_missing'],
  ['KEY_ENCRYPTION_KEY', 'key_encryption_key_missing'],
  ['A8_OPERATIONS_KEY', 'a8_operations_key_missing'],
  ['SERVICE_SECRET', 'service_secret_missing'],
  ['CANARY_KEY', 'canary_key_missing'],
  ['DATABASE_URL', 'database_url_missing'],
  ['LLM_KEY', 'secret_missing'],
];

/** Each missing secret has its name, so that people can script against it. */
export const SECRET_CASES: readonly AuditCase[] = [
  ...NAMED.map(
    ([key, code]): AuditCase => ({
      says: `a missing ${key} is ${code}`,
      change: (s) => {
        const app = appOf(s, 'scholar_auth');
        app.desired.secrets[key] = fingerprint(key);
        told(app.running).settings[key] = { set: false, source: 'unset' };
      },
      finds: [`A1 ${code}`],
    }),
  ),
  {
    says: 'a missing CONTROL_TOKEN of a forwarder is control_token_missing',
    change: (s) => {
      const { forwarder } = appOf(s, 'scholar_auth');
      forwarder.desired.secrets['CONTROL_TOKEN'] = fingerprint('token');
      told(forwarder.running).settings['CONTROL_TOKEN'] = { set: false, source: 'unset' };
    },
    finds: ['A1 control_token_missing'],
  },
  {
    says: 'a sandbox without its webhook secret is sandbox_webhook_secret_missing',
    change: (s) => {
      told(s.sandbox?.running).settings['SANDBOX_WEBHOOK_SECRET'] = { set: false, source: 'unset' };
    },
    finds: ['A2 sandbox_webhook_secret_missing'],
  },
  {
    says: 'a secret that nobody has is asked of its owner',
    change: (s) => {
      const app = appOf(s, 'scholarship_api');
      app.desired.secrets['STRIPE_SECRET_KEY'] = undefined;
      told(app.running).settings['STRIPE_SECRET_KEY'] = { set: false, source: 'unset' };
    },
    finds: ['A2 stripe_secret_key_missing'],
  },
];
