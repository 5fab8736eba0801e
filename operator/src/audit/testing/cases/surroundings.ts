import type { AppLabel } from '@scholar/contract';
import type { ObservationView, Snapshot, WebhookEndpointView } from '../../snapshot.ts';
import type { AuditCase } from '../audit-case.ts';
import { appOf, fingerprint, told } from '../healthy-snapshot.ts';

const observe = (snapshot: Snapshot, label: AppLabel, seen: Partial<ObservationView>): void => {
  const before = snapshot.hub.observations?.[label];
  if (before !== undefined) Object.assign(before, seen);
};

/** Moves A6 to an address that the real Stripe reaches; returns the endpoint that leads there. */
function atRealStripe(s: Snapshot): WebhookEndpointView {
  const A6_PUBLIC_URL = 'https://a6.example';
  const [before] = s.stripe?.endpoints ?? [];
  if (before === undefined) throw new Error('the healthy system has an endpoint');
  const endpoint = { ...before, url: `${A6_PUBLIC_URL}/webhooks/stripe` };
  s.stripe = { real: true, error: undefined, endpoints: [endpoint] };
  const app = appOf(s, 'provider_register');
  Object.assign(app.desired.settings, { A6_PUBLIC_URL });
  told(app.running).settings['A6_PUBLIC_URL'] = { set: true, source: 'env', value: A6_PUBLIC_URL };
  return endpoint;
}

export const SURROUNDING_CASES: readonly AuditCase[] = [
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
    says: 'a webhook endpoint that lacks the event of a paid checkout is named',
    change: (s) => {
      const endpoint = s.stripe?.endpoints?.[0];
      if (endpoint !== undefined) endpoint.events = ['invoice.paid'];
    },
    finds: ['A6 webhook_events_missing'],
  },
  {
    says: 'a webhook endpoint that lacks refunds only is named',
    change: (s) => {
      const endpoint = s.stripe?.endpoints?.[0];
      if (endpoint !== undefined)
        endpoint.events = [
          'checkout.session.completed',
          'checkout.session.expired',
          'checkout.session.async_payment_failed',
          'checkout.session.async_payment_succeeded',
        ];
    },
    finds: ['A6 webhook_events_missing'],
  },
  {
    says: 'a webhook endpoint that lacks the events of a failed refund is named',
    change: (s) => {
      const endpoint = s.stripe?.endpoints?.[0];
      if (endpoint !== undefined)
        endpoint.events = [
          'checkout.session.completed',
          'checkout.session.expired',
          'checkout.session.async_payment_failed',
          'checkout.session.async_payment_succeeded',
          'charge.refunded',
        ];
    },
    finds: ['A6 webhook_events_missing'],
  },
  {
    says: 'a disabled webhook endpoint of live mode is both, in staging with the real Stripe',
    change: (s) => {
      const endpoint = atRealStripe(s);
      endpoint.apiVersion = endpoint.wantedApiVersion;
      Object.assign(endpoint, { livemode: true, status: 'disabled' });
    },
    finds: ['A6 webhook_endpoint_disabled', 'A6 webhook_mode_wrong'],
  },
  {
    says: 'a webhook endpoint of an older API version is named',
    change: (s) => {
      const endpoint = s.stripe?.endpoints?.[0];
      if (endpoint !== undefined) endpoint.apiVersion = '2024-06-20';
    },
    finds: ['A6 webhook_api_version'],
  },
  {
    says: "with the real Stripe, an endpoint that follows its account's API version is named",
    change: (s) => {
      atRealStripe(s);
    },
    finds: ['A6 webhook_api_version'],
  },
  {
    says: 'an A8 that answers and does not tell what it has seen is named',
    change: (s) => {
      s.hub.observations = undefined;
    },
    finds: ['A8 observations_missing'],
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
