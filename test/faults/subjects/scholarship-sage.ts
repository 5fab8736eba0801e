import { createServiceHarness } from '@scholar/runtime/testing';
import { service } from '../../../services/scholarship_sage/src/service.ts';
import type { Subject } from '../rig.ts';
import { bearer, REFRESH, send, until } from './asking.ts';

const QUESTION = 'Who may have the Halcyon Grant for midwives near the coast?';

export const sage: Subject = {
  label: 'scholarship_sage',
  start: (options) => createServiceHarness(service, options),
  env: REFRESH,
  prepare: (rig) => until(rig, sage, 'ask a question', '"provider":"llm"'),
  asks: {
    'ask a question': {
      send: async (rig) =>
        send(rig, '/answers', { headers: await bearer(rig), json: { question: QUESTION } }),
      status: 200,
      leaves: 'SageAssist',
    },
    'ask a question (told while it is made)': {
      send: async (rig) =>
        send(rig, '/answers', {
          headers: { ...(await bearer(rig)), accept: 'text/event-stream' },
          json: { question: QUESTION },
        }),
      status: 200,
      leaves: 'SageAssist',
    },
  },
};
