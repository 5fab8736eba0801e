import { defineMetrics } from '@scholar/runtime/metrics';

export const SAGE_METRICS = defineMetrics({
  sage_answers_total: {
    type: 'counter',
    help: 'Answers, by who worded them and whether a passage supported them.',
    labels: ['provider', 'supported'],
  },
  sage_retrieval_failures_total: { type: 'counter', help: 'Searches in the passages that failed.' },
  sage_llm_failures_total: {
    type: 'counter',
    help: 'Requests to the model that failed or took too long; the answer was put together without it.',
  },
  sage_sync_total: {
    type: 'counter',
    help: 'Renewals of the passages, by what they come from and result.',
    labels: ['of', 'result'],
  },
});
