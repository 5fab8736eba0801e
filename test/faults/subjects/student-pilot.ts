import { createServiceHarness } from '@scholar/runtime/testing';
import { service } from '../../../services/student_pilot/src/service.ts';
import type { Rig, Subject } from '../rig.ts';
import { CHANGE, CONSENT, PASSWORD, REFRESH, send, warm } from './asking.ts';
import { agent } from './scholarship-agent.ts';

async function cookie(rig: Rig): Promise<Record<string, string>> {
  return {
    cookie: `scholar_consent=views; scholar_session=${await rig.world.identity.userToken({ subject: 'u-1' })}`,
  };
}

export const pilot: Subject = {
  label: 'student_pilot',
  start: (options) => createServiceHarness(service, options),
  behind: { at: 'A3', start: agent.start, env: REFRESH },
  prepare: (rig) => warm(rig, pilot),
  asks: {
    'open the start page': {
      send: (rig) => send(rig, '/', { headers: CONSENT }),
      status: 200,
      leaves: 'PageView',
    },
    'sign in': {
      send: (rig) => send(rig, '/login', { form: { email: 'me@example.org', password: PASSWORD } }),
      status: 303,
    },
    'change the password': {
      send: async (rig) => send(rig, CHANGE.path, { headers: await cookie(rig), form: CHANGE.form }),
      status: 303,
      shows: CHANGE.leadsTo,
    },
    'open the profile': {
      send: async (rig) => send(rig, '/profile', { headers: await cookie(rig) }),
      status: 200,
      leaves: 'PageView',
    },
    'save the profile': {
      send: async (rig) => send(rig, '/profile', { headers: await cookie(rig), form: { age: '33' } }),
      status: 303,
    },
    'look for matches': {
      send: async (rig) => send(rig, '/matches', { headers: await cookie(rig), form: { age: '33' } }),
      status: 200,
      leaves: 'ScholarshipMatchRequested',
    },
    'search the catalogue': {
      send: (rig) => send(rig, '/scholarships?q=midwives', { headers: CONSENT }),
      status: 200,
      leaves: 'PageView',
    },
    'ask a question': {
      send: async (rig) => send(rig, '/ask', { headers: await cookie(rig), form: { question: 'When?' } }),
      status: 200,
    },
  },
};
