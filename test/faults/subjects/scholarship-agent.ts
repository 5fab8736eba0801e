import { createServiceHarness } from '@scholar/runtime/testing';
import { service } from '../../../services/scholarship_agent/src/service.ts';
import type { Subject } from '../rig.ts';
import { bearer, REFRESH, send, until } from './asking.ts';

export const agent: Subject = {
  label: 'scholarship_agent',
  start: (options) => createServiceHarness(service, options),
  env: REFRESH,
  prepare: (rig) => until(rig, agent, 'match', 'Halcyon'),
  asks: {
    match: {
      send: async (rig) =>
        send(rig, '/matches', { headers: await bearer(rig), json: { profile: { field: 'nursing' } } }),
      status: 200,
      leaves: 'ScholarshipMatchResult',
    },
  },
};
