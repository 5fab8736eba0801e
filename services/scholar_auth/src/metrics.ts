import { defineMetrics } from '@scholar/runtime/metrics';

export const AUTH_METRICS = defineMetrics({
  auth_accounts_total: {
    type: 'counter',
    help: 'Accounts made, by the route that made them; canaries count apart.',
    labels: ['origin', 'canary'],
  },
  auth_sign_ins_total: {
    type: 'counter',
    help: 'Sign-ins by outcome: signed_in, invalid_credentials, leaked_password or throttled.',
    labels: ['outcome'],
  },
  auth_refreshes_total: {
    type: 'counter',
    help: 'Refreshes by outcome: rotate, unknown, revoked, expired or reused.',
    labels: ['outcome'],
  },
  auth_mails_total: {
    type: 'counter',
    help: 'Attempts to send a mail, by purpose (verify, password) and outcome: sent, failed (tried again) or given_up.',
    labels: ['purpose', 'outcome'],
  },
});
