import { defineMetrics } from '@scholar/runtime/metrics';

export const AGENT_METRICS = defineMetrics({
  agent_match_seconds: {
    type: 'histogram',
    help: 'Seconds that the matching itself took, without HTTP and database.',
    // An edge at 0.05: a catalogue of 100,000 is to be matched within 50 ms.
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
  },
  agent_matches_total: {
    type: 'counter',
    help: 'Matchings, by the state of the catalogue that they used.',
    labels: ['catalogue'],
  },
  agent_catalogue_scholarships: { type: 'gauge', help: 'Scholarships in the copy of the catalogue.' },
  agent_catalogue_refreshes_total: {
    type: 'counter',
    help: 'Walks over the catalogue of scholarship_api, by result.',
    labels: ['result'],
  },
});
