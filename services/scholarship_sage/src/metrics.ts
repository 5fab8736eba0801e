import { defineMetrics } from '@scholar/runtime/metrics';

export const SAGE_METRICS = defineMetrics({
  sage_answers_total: {
    type: 'counter',
    help: 'Answers, by who worded them and whether a passage supported them.',
    labels: ['provider', 'supported'],
  },
  sage_streams_total: {
    type: 'counter',
    help: 'Answers told while they were made, by how that ended: done; broken, which says so and counts as no answer; left, by who asked.',
    labels: ['result'],
  },
  sage_retrieval_failures_total: { type: 'counter', help: 'Searches in the passages that failed.' },
  sage_llm_failures_total: {
    type: 'counter',
    help: 'Requests to the model without a whole answer, by why: unreachable, slow, throttled (429), status, nonsense, oversized, broken_off.',
    labels: ['why'],
  },
  sage_llm_refusals_total: {
    type: 'counter',
    help: 'Answers of the model that broke a rule and were replaced, by the rule.',
    labels: ['rule'],
  },
  sage_llm_tokens_total: {
    type: 'counter',
    help: 'Tokens that the model read (input) and wrote (output), as it says or as estimated.',
    labels: ['direction'],
  },
  sage_llm_units_total: {
    type: 'counter',
    help: 'What that cost, in the units of LLM_PRICE_INPUT and LLM_PRICE_OUTPUT.',
  },
  sage_budget_spent_total: {
    type: 'counter',
    help: "Questions answered without the model because the day's budget was spent, by whose: user or service.",
    labels: ['of'],
  },
  sage_budget_used_ratio: {
    type: 'gauge',
    help: "Share of the service's budget of today (UTC) that all replicas together have used, 0 to 1.",
  },
  sage_sync_total: {
    type: 'counter',
    help: 'Renewals of the passages, by what they come from and result.',
    labels: ['of', 'result'],
  },
});
