import type { AppLabel } from '@scholar/contract';
import { isDrift, judge } from './audit.ts';
import { toFinding } from './judged.ts';
import type { ObservationView, Snapshot } from './snapshot.ts';
import { appOf, fingerprint, healthySnapshot, told } from './testing/healthy-snapshot.ts';

/** One change of a healthy system, and exactly what the audit must name then. */
interface Case {
  says: string;
  change: (snapshot: Snapshot) => void;
  finds: string[];
}

const observe = (snapshot: Snapshot, label: AppLabel, seen: Partial<ObservationView>): void => {
  const before = snapshot.hub.observations?.[label];
  if (before !== undefined) Object.assign(before, seen);
};

const CASES: Case[] = [
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
    says: 'a wrong key of the running forwarder is told by fingerprint, against desired and against the ring',
    change: (s) => {
      told(appOf(s, 'scholarship_sage').forwarder.running).settings['A8_KEY'] = {
        set: true,
        source: 'file',
        fingerprint: fingerprint('wrong'),
      };
    },
    finds: ['A4 key_not_accepted', 'A4 secret_differs'],
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
  {
    says: 'a sandbox that reaches A6 by its Service needs no public address',
    change: (s) => {
      const endpoint = s.stripe?.endpoints?.[0];
      if (endpoint !== undefined) endpoint.url = 'http://provider-register:8080/webhooks/stripe';
      if (s.stripe !== undefined) s.stripe.a6Url = 'http://provider-register:8080';
      delete appOf(s, 'provider_register').desired.settings['A6_PUBLIC_URL'];
      delete told(appOf(s, 'provider_register').running).settings['A6_PUBLIC_URL'];
    },
    finds: [],
  },
  {
    says: 'a webhook endpoint that points elsewhere is named',
    change: (s) => {
      const endpoint = s.stripe?.endpoints?.[0];
      if (endpoint !== undefined) endpoint.url = 'https://old.example/webhook';
    },
    finds: ['A6 webhook_endpoint_wrong'],
  },
  {
    says: 'a webhook endpoint that Stripe disabled is named',
    change: (s) => {
      const endpoint = s.stripe?.endpoints?.[0];
      if (endpoint !== undefined) endpoint.status = 'disabled';
    },
    finds: ['A6 webhook_endpoint_disabled'],
  },
  {
    says: 'a local public URL with the real Stripe is only information in staging, where A6 polls',
    change: (s) => {
      if (s.stripe !== undefined) s.stripe.real = true;
    },
    finds: ['A6 webhook_url_local'],
  },
  {
    says: 'a Stripe that cannot be asked is not taken for a good one',
    change: (s) => {
      s.stripe = { real: false, endpoints: undefined, error: 'refused' };
    },
    finds: ['A6 stripe_not_asked'],
  },
  {
    says: 'legacy names and endpoints that A8 saw since the last start are named',
    change: (s) =>
      observe(s, 'scholar_auth', {
        legacyEndpointHits: 3,
        legacyAliasEvents: 2,
        lastLegacyAt: '2026-11-24T11:30:00.000Z',
      }),
    finds: ['A1 legacy_endpoint_hits', 'A1 legacy_names_seen'],
  },
  {
    says: 'legacy calls from before the last start of the app are history',
    change: (s) =>
      observe(s, 'scholar_auth', { legacyEndpointHits: 3, lastLegacyAt: '2026-11-24T10:30:00.000Z' }),
    finds: [],
  },
  {
    says: 'a backlog older than a minute, dead letters and quarantined records are named',
    change: (s) =>
      Object.assign(appOf(s, 'student_pilot').forwarder.status ?? {}, {
        depth: 4,
        oldestAgeSeconds: 61,
        dead: { contract: 1, system: 0 },
        quarantined: 2,
      }),
    finds: ['A5 backlog_old', 'A5 dead_letters', 'A5 outbox_quarantine'],
  },
  {
    says: 'a backlog of less than a minute is nothing',
    change: (s) =>
      Object.assign(appOf(s, 'student_pilot').forwarder.status ?? {}, { depth: 4, oldestAgeSeconds: 59 }),
    finds: [],
  },
  {
    says: 'an app below its declared minimum is silent',
    change: (s) => {
      appOf(s, 'scholar_auth').minimumEventsPerHour = 10;
      observe(s, 'scholar_auth', { eventsLastHour: 9 });
    },
    finds: ['A1 app_silent'],
  },
  {
    says: 'an app that has just started is not yet silent',
    change: (s) => {
      Object.assign(appOf(s, 'scholar_auth'), { minimumEventsPerHour: 10, uptimeSeconds: 60 });
    },
    finds: [],
  },
  {
    says: 'a P95 over 150 ms is named, one of 150 is not',
    change: (s) => {
      observe(s, 'scholar_auth', { p95WriteMs: 151 });
      observe(s, 'student_pilot', { p95WriteMs: 150 });
    },
    finds: ['A1 write_p95_high'],
  },
  {
    says: 'a setting that no check knows is still a drift',
    change: (s) => {
      told(appOf(s, 'scholar_auth').running).settings['ARGON2_PASSES'] = {
        set: true,
        source: 'env',
        value: '1',
      };
      told(appOf(s, 'student_pilot').running).settings['LOG_LEVEL'] = {
        set: true,
        source: 'env',
        value: 'trace',
      };
    },
    finds: ['A1 setting_drift', 'A5 setting_drift'],
  },
  {
    says: 'a row that was proven and is gone, and one that was changed, are told apart',
    change: (s) => {
      s.lost = [
        { what: 'gone', label: 'scholarship_sage', event_id: 'e', seen_at: s.at },
        { what: 'changed', label: 'student_pilot', event_id: 'f', seen_at: s.at },
      ];
    },
    finds: ['A4 evidence_lost', 'A5 evidence_changed'],
  },
  {
    says: 'a database that is down is one finding, not one of every service that is not ready for it',
    change: (s) => {
      s.database = { state: 'crashing', restarts: 1, lastExit: 'signal SIGKILL', lastLines: [] };
      for (const app of s.apps) app.ready.status = 503;
    },
    finds: ['A8 database_down'],
  },
  {
    says: 'a sandbox that runs with another address or secret of the webhook is named, as any other process is',
    change: (s) => {
      const { settings } = told(s.sandbox?.running);
      settings['SANDBOX_WEBHOOK_URL'] = { set: true, source: 'env', value: 'http://127.0.0.1:6999/' };
      settings['SANDBOX_WEBHOOK_SECRET'] = {
        set: true,
        source: 'file',
        fingerprint: fingerprint('other'),
      };
    },
    finds: ['A2 secret_differs', 'A2 setting_drift'],
  },
  {
    says: 'a sandbox that counts as running and does not answer is a ghost ship',
    change: (s) => {
      if (s.sandbox?.health) s.sandbox.health.status = null;
    },
    finds: ['A2 ghost_ship'],
  },
  {
    says: "a sandbox that is down is named, and Stripe's silence is no second finding",
    change: (s) => {
      if (s.sandbox)
        s.sandbox.process = { state: 'crashing', restarts: 1, lastExit: 'exit code 2', lastLines: [] };
      s.stripe = { real: false, endpoints: undefined, error: 'refused' };
    },
    finds: ['A2 app_crashing'],
  },
  {
    says: 'a configured key that the process does not know is still a drift',
    change: (s) => {
      appOf(s, 'scholar_auth').desired.deviating = ['NONSENSE'];
    },
    finds: ['A1 setting_drift'],
  },
  {
    says: 'what a process finds wrong with itself is passed on',
    change: (s) => {
      told(appOf(s, 'scholar_auth').running).findings = ['3 events are parked'];
    },
    finds: ['A1 process_finding'],
  },
  {
    says: 'an A8 that is down is named once, not once per app',
    change: (s) => {
      s.hub.process = { state: 'stopped', restarts: 0, lastExit: null, lastLines: [] };
      s.hub.health.status = null;
      s.hub.observations = undefined;
    },
    finds: ['A8 app_stopped'],
  },
  {
    says: 'an A8 whose ring is empty accepts nobody',
    change: (s) => {
      s.hub.ring = [];
      for (const app of s.apps) if (app.forwarder.running) app.forwarder.running.settings = {};
      for (const app of s.apps) app.forwarder.desired = { settings: {}, secrets: {}, deviating: [] };
    },
    finds: ['A8 key_ring_empty'],
  },
];

test.each(CASES)('$says', ({ change, finds }) => {
  const snapshot = healthySnapshot();
  change(snapshot);
  const found = judge(snapshot).map((judged) => `${toFinding(judged).app} ${judged.code}`);
  expect(found.sort()).toEqual(finds);
});

test('the worst comes first, and the order does not depend on the order of the checks', () => {
  const snapshot = healthySnapshot();
  told(appOf(snapshot, 'student_pilot').running).settings['LOG_LEVEL'] = {
    set: true,
    source: 'env',
    value: 'trace',
  };
  Object.assign(appOf(snapshot, 'scholar_auth').forwarder.status ?? {}, { oldestAgeSeconds: 100 });
  appOf(snapshot, 'auto_page_maker').health.status = 500;
  expect(judge(snapshot).map(({ severity }) => severity)).toEqual(['critical', 'major', 'minor']);
});

test('every finding says what to do', () => {
  for (const { change } of CASES) {
    const snapshot = healthySnapshot();
    change(snapshot);
    for (const judged of judge(snapshot)) {
      expect(toFinding(judged).remedy).not.toBe('nothing to do');
      expect(judged.summary.endsWith('.')).toBe(true);
    }
  }
});

test('information alone is no drift', () => {
  const snapshot = healthySnapshot();
  if (snapshot.stripe !== undefined) snapshot.stripe.real = true;
  expect(judge(snapshot).some(isDrift)).toBe(false);
});
