import type { AuditCase } from '../audit-case.ts';
import { appOf, told } from '../healthy-snapshot.ts';

/** What events hold, when, and whether they become rows. */
export const CONTENT_CASES: readonly AuditCase[] = [
  {
    says: 'an app that counts events as handed over while A8 has no row of it is named',
    change: (s) => Object.assign(appOf(s, 'scholar_auth').counted ?? {}, { handedOver: 3 }),
    finds: ['A1 counted_not_stored'],
  },
  {
    says: 'rows from before its start do not speak for it',
    change: (s) => {
      Object.assign(appOf(s, 'scholar_auth').counted ?? {}, { handedOver: 3 });
      Object.assign(s.hub.observations?.['scholar_auth'] ?? {}, { lastEventAt: '2026-11-24T10:00:00.000Z' });
    },
    finds: ['A1 counted_not_stored'],
  },
  {
    says: 'a row since its start does',
    change: (s) => {
      Object.assign(appOf(s, 'scholar_auth').counted ?? {}, { handedOver: 3 });
      Object.assign(s.hub.observations?.['scholar_auth'] ?? {}, { lastEventAt: '2026-11-24T11:00:01.000Z' });
    },
    finds: [],
  },
  {
    says: 'events that wait in the forwarder are on their way, not gone',
    change: (s) => {
      const app = appOf(s, 'scholar_auth');
      Object.assign(app.counted ?? {}, { handedOver: 3 });
      Object.assign(app.forwarder.status ?? {}, { depth: 3 });
    },
    finds: [],
  },
  {
    says: 'where A8 or the forwarder could not be asked, a counter says nothing',
    change: (s) => {
      for (const label of ['scholar_auth', 'student_pilot'] as const)
        Object.assign(appOf(s, label).counted ?? {}, { handedOver: 3 });
      Object.assign(s.hub, { observations: { student_pilot: undefined } });
      Object.assign(appOf(s, 'student_pilot'), { counted: undefined });
    },
    finds: [],
  },
  {
    says: 'events that went to the console are counted in the evidence of the one finding',
    change: (s) => {
      told(appOf(s, 'auto_page_maker').running).emit_mode = 'console';
      Object.assign(appOf(s, 'auto_page_maker').counted ?? {}, { handedOver: 7, onConsole: 7 });
    },
    finds: ['A7 console_only_telemetry'],
  },
  {
    says: 'a clock that is more than five seconds from that of A8 is named',
    change: (s) => {
      appOf(s, 'student_pilot').clockAheadMs = -5_001;
      appOf(s, 'scholar_auth').forwarder.clockAheadMs = 5_001;
      appOf(s, 'scholarship_api').clockAheadMs = 5_000;
    },
    finds: ['A1 clock_skew', 'A5 clock_skew'],
  },
  {
    says: 'where the auditor has the wrong time, only A8 is told apart from it, and no app',
    change: (s) => {
      s.hub.clockAheadMs = 60_000;
      for (const app of s.apps) Object.assign(app, { clockAheadMs: 60_100 });
      for (const app of s.apps) Object.assign(app.forwarder, { clockAheadMs: 59_900 });
    },
    finds: ['A8 clock_skew'],
  },
  {
    says: 'a process that does not tell its time is not judged by it',
    change: (s) => {
      appOf(s, 'student_pilot').clockAheadMs = undefined;
    },
    finds: [],
  },
  {
    says: 'personal data that A8 refused is named with its place',
    change: (s) => {
      s.hub.piiRefusals = { scholar_auth: { count: 2, pointers: ['/payload/details'], lastAt: s.at } };
    },
    finds: ['A1 pii_refused'],
  },
  {
    says: 'personal data that already the forwarder refused is named too',
    change: (s) => {
      Object.assign(appOf(s, 'student_pilot').forwarder.status ?? {}, { refusedPii: 1 });
    },
    finds: ['A5 pii_refused'],
  },
  {
    says: 'where neither could be asked, nothing is said of personal data',
    change: (s) => {
      s.hub.piiRefusals = undefined;
      for (const { forwarder } of s.apps) Object.assign(forwarder.status ?? {}, { refusedPii: undefined });
    },
    finds: [],
  },
  {
    says: 'simulated rows without a token are named in production',
    change: (s) => {
      s.environment = 'production';
      s.simulated = [{ label: 'provider_register', count: 4, lastAt: s.at }];
    },
    finds: ['A6 simulated_in_production'],
  },
  {
    says: 'in staging they are what staging is for',
    change: (s) => {
      s.simulated = [{ label: 'provider_register', count: 4, lastAt: s.at }];
    },
    finds: [],
  },
];
