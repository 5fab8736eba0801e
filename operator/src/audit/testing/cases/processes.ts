import type { AuditCase } from '../audit-case.ts';
import { appOf, fingerprint, told } from '../healthy-snapshot.ts';

export const PROCESS_CASES: readonly AuditCase[] = [
  { says: 'nothing is found in a healthy system', change: () => undefined, finds: [] },
  {
    says: 'a stopped app is named with its last log lines',
    change: (s) =>
      Object.assign(appOf(s, 'provider_register'), {
        process: { state: 'stopped', restarts: 0, lastExit: null, lastLines: ['goodbye'] },
        running: undefined,
        health: { url: 'u', status: null, detail: 'connection refused' },
      }),
    finds: ['A6 app_stopped'],
  },
  {
    says: 'an app that dies again and again is crashing, not stopped',
    change: (s) => {
      appOf(s, 'scholar_auth').process = {
        state: 'crashing',
        restarts: 9,
        lastExit: 'exit code 2',
        lastLines: [],
      };
      appOf(s, 'scholar_auth').running = undefined;
    },
    finds: ['A1 app_crashing'],
  },
  ...(['stopped', 'crashing', 'starting'] as const).map(
    (state): AuditCase => ({
      says: `a forwarder that is ${state} is named as such, and not as unreachable`,
      change: (s) =>
        Object.assign(appOf(s, 'student_pilot').forwarder, {
          process: { state, restarts: 0, lastExit: null, lastLines: [] },
          running: undefined,
          status: undefined,
        }),
      finds: [`A5 forwarder_${state}`],
    }),
  ),
  {
    says: 'a forwarder that runs and does not answer is unreachable',
    change: (s) =>
      Object.assign(appOf(s, 'student_pilot').forwarder, { running: undefined, status: undefined }),
    finds: ['A5 forwarder_unreachable'],
  },
  {
    says: 'an app that was spawned for the first time and does not answer yet is starting',
    change: (s) =>
      Object.assign(appOf(s, 'student_pilot'), {
        process: { state: 'starting', restarts: 0, lastExit: null, lastLines: [] },
        running: undefined,
      }),
    finds: ['A5 app_starting'],
  },
  {
    says: 'a process that counts as running while /health answers 404 is a ghost ship',
    change: (s) => {
      appOf(s, 'provider_register').health.status = 404;
    },
    finds: ['A6 ghost_ship'],
  },
  {
    says: 'an app that is alive and not ready is named with the failing check',
    change: (s) => {
      appOf(s, 'student_pilot').ready = { url: 'u', status: 503, detail: 'database: gone' };
    },
    finds: ['A5 not_ready'],
  },
  {
    says: 'a missing Stripe key is named by its name',
    change: (s) => {
      told(appOf(s, 'scholarship_api').running).settings['STRIPE_SECRET_KEY'] = {
        set: false,
        source: 'unset',
      };
    },
    finds: ['A2 stripe_secret_key_missing'],
  },
  {
    says: 'a forwarder without a key is named, as is the hold that comes of it',
    change: (s) => {
      const { forwarder } = appOf(s, 'scholarship_agent');
      told(forwarder.running).settings['A8_KEY'] = { set: false, source: 'unset' };
      if (forwarder.status) forwarder.status.hold = { reason: 'no_key', detail: '', since: s.at };
    },
    finds: ['A3 a8_key_missing', 'A3 forwarder_held'],
  },
  {
    says: 'a wrong key of the running forwarder is told by fingerprint, once, with all four places',
    change: (s) => {
      told(appOf(s, 'scholarship_sage').forwarder.running).settings['A8_KEY'] = {
        set: true,
        source: 'file',
        fingerprint: fingerprint('wrong'),
      };
    },
    finds: ['A4 key_not_accepted'],
  },
  {
    says: 'a process that has died and is just being spawned again is crashing, not merely starting',
    change: (s) => {
      const app = appOf(s, 'scholar_auth');
      Object.assign(app, {
        process: { state: 'starting', restarts: 2, lastExit: 'exit code 2', lastLines: [] },
        running: undefined,
      });
    },
    finds: ['A1 app_crashing'],
  },
  {
    says: 'where the desired key runs and the ring lacks it, the ring is what disagrees',
    change: (s) => {
      s.hub.ring = s.hub.ring.filter(({ id }) => id !== 'scholar_auth');
    },
    finds: ['A1 key_not_in_ring'],
  },
  {
    says: 'an entry that leaves its fingerprint open does not speak against a key',
    change: (s) => {
      for (const key of s.hub.ring) if (key.id === 'scholar_auth') key.fingerprint = null;
    },
    finds: [],
  },
  {
    says: 'an entry that leaves its fingerprint open does speak against a key that the target can read',
    change: (s) => {
      for (const key of s.hub.ring)
        if (key.id === 'scholar_auth') Object.assign(key, { fingerprint: null, sha256: 'of another key' });
      s.hub.digests = { [fingerprint('scholar_auth')]: 'of the key' };
    },
    finds: ['A1 key_not_in_ring'],
  },
  {
    says: 'an entry without a fingerprint is that of the key with its digest',
    change: (s) => {
      for (const key of s.hub.ring)
        if (key.id === 'scholar_auth') Object.assign(key, { fingerprint: null, sha256: 'of the key' });
      s.hub.digests = { [fingerprint('scholar_auth')]: 'of the key' };
    },
    finds: [],
  },
  {
    says: 'a key that ended is not accepted',
    change: (s) => {
      for (const key of s.hub.ring) if (key.id === 'scholar_auth') key.notAfter = '2026-01-01T00:00:00.000Z';
    },
    finds: ['A1 key_not_in_ring'],
  },
  {
    says: 'a forwarder that sends to /ingest is on the legacy endpoint',
    change: (s) => {
      told(appOf(s, 'auto_page_maker').forwarder.running).endpoint = 'http://127.0.0.1:4108/ingest/events';
    },
    finds: ['A7 legacy_endpoint'],
  },
  {
    says: 'a forwarder that sends elsewhere is named',
    change: (s) => {
      told(appOf(s, 'auto_page_maker').forwarder.running).endpoint = 'http://127.0.0.1:9/events';
    },
    finds: ['A7 a8_url_elsewhere'],
  },
  {
    says: 'a forwarder without an address is named',
    change: (s) => {
      told(appOf(s, 'auto_page_maker').forwarder.running).endpoint = null;
    },
    finds: ['A7 a8_url_missing'],
  },
  {
    says: "an app's own A8_URL that points elsewhere is a drift even while its forwarder sends",
    change: (s) => {
      told(appOf(s, 'auto_page_maker').running).settings['A8_URL'] = {
        set: true,
        source: 'env',
        value: 'http://old',
      };
    },
    finds: ['A7 a8_url_drift'],
  },
  {
    says: "the brief's A1 is named for each of its faults: past the forwarder, legacy names, legacy endpoint, no authorization",
    change: (s) =>
      Object.assign(told(appOf(s, 'scholar_auth').running), {
        emit_mode: 'direct',
        event_names: 'legacy',
        sends_authorization: false,
        endpoint: 'http://127.0.0.1:4108/ingest',
      }),
    finds: ['A1 authorization_missing', 'A1 direct_emission', 'A1 legacy_endpoint', 'A1 legacy_event_names'],
  },
  {
    says: 'telemetry that ends on the console is named without any traffic',
    change: (s) => {
      told(appOf(s, 'auto_page_maker').running).emit_mode = 'console';
    },
    finds: ['A7 console_only_telemetry'],
  },
  {
    says: 'another protocol is a drift of that process',
    change: (s) => {
      told(appOf(s, 'scholar_auth').forwarder.running).protocol = 'v3.4.0';
    },
    finds: ['A1 protocol_drift'],
  },
  {
    says: 'an answer from another app in its place is named',
    change: (s) => {
      told(appOf(s, 'scholar_auth').running).label = 'student_pilot';
    },
    finds: ['A1 label_drift'],
  },
];
