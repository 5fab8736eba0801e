import { defineMetrics } from '@scholar/runtime/metrics';

export const PAGE_MAKER_METRICS = defineMetrics({
  page_maker_leads_total: {
    type: 'counter',
    help: 'Leads stored, by kind of request (json, form) and result (new, repeated, canary).',
    labels: ['via', 'result'],
  },
  page_maker_forms_refused_total: {
    type: 'counter',
    help: 'Forms that were shown again, by what was wrong first.',
    labels: ['reason'],
  },
  page_maker_account_attempts_total: {
    type: 'counter',
    help: 'Attempts to make the account of a lead, by outcome.',
    labels: ['outcome'],
  },
  page_maker_accounts_waiting: { type: 'gauge', help: 'Leads whose account does not exist yet.' },
  page_maker_accounts_oldest_seconds: {
    type: 'gauge',
    help: 'Age of the oldest lead whose account does not exist yet.',
  },
  page_maker_catalogue_refreshes_total: {
    type: 'counter',
    help: 'Walks over the catalogue of scholarship_api, by result.',
    labels: ['result'],
  },
});
